// sandbox_page.mjs: the served sandbox's page in a real browser: shows what comes, sends an inbound message, takes screenshots.
//
//   node sandbox_page.mjs URL FOLDER_WITH_NODE_MODULES SCREENSHOT.png NUMBER TEXT URL_THAT_FAILS
//
// NUMBER was bought, TEXT was sent as a message: tools/sandbox_page.sh does that.
//
// Builds on puppeteer-core and the system's Chromium. Any surprise is an exception.
import assert from 'node:assert';
import { createRequire } from 'node:module';

const [url, folder, screenshot, to, text, nowhere] = process.argv.slice(2);
const puppeteer = createRequire(folder + '/')('puppeteer-core');

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', acceptInsecureCerts: true, args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', error => problems.push(String(error)));
  page.on('console', message => { if (message.type() === 'error' && !/favicon/.test(message.location().url || '')) problems.push(message.text()); });
  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(url + '/');

  const list = () => page.$eval('#list', it => it.innerText);
  const picture = name => page.screenshot({ path: screenshot.replace(/(\.png)?$/, `${name}.png`) });
  const show = async view => { await page.click(`[data-view=${view}]`); return list(); };
  const send = async (body, hook) => {
    await page.$eval('#inbound', form => { form.parentNode.open = true; });
    await page.$eval('#inbound', (form, to, body, hook) => { form.to.value = to; form.body.value = body; form.url.value = hook; }, to, body, hook);
    await page.$eval('#answer', it => { it.textContent = ''; });
    await page.click('#inbound button');
    await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
    return page.$eval('#answer', it => it.textContent);
  };
  // What others write is shown as text.
  const no_markup = async () => assert.equal((await page.$$('main img, main script, main b, dialog img, dialog script, dialog b')).length, 0);

  await page.waitForFunction(() => document.querySelector('#list .bubble'));
  assert((await list()).includes(text), 'a message sent through the API is shown');
  await no_markup();

  assert.equal(await send('Hello from the page', ''), 'Reply: You said: Hello from the page');
  await page.waitForFunction(() => document.getElementById('list').innerText.includes('outbound-reply'));
  const shown = await list();
  assert(shown.indexOf('\nHello from the page') < shown.indexOf('You said: Hello from the page'), 'a reply is below its message');
  await picture('');

  // A webhook that fails is an error with its code, and its detail closes by Escape.
  const refused = await send('<script>alert(1)</script>', nowhere);
  assert.match(refused, /^Error 11200: .*404/);
  await page.waitForFunction(() => document.getElementById('list').innerText.includes('<script>'));
  const listed = await show('errors');
  for (const part of ['nowhere', '404', 'Error 21211', '<b>nobody']) assert(listed.includes(part), part + ' is among the errors');
  await picture('-errors');
  assert((await show('webhooks')).includes('/sms'));
  assert((await show('calls')).includes('completed') || (await list()).includes('in-progress'));
  await page.focus('#list button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  assert((await page.$eval('#content', it => it.innerText)).includes('Say: '), "a call's transcript is shown");
  await no_markup();
  await picture('-detail');
  await page.keyboard.press('Escape');
  assert.equal(await page.$('dialog[open]'), null);

  await page.type('#search', 'no such text');
  assert.equal(await list(), 'None yet.');
  await page.$eval('#search', it => { it.value = ''; it.dispatchEvent(new Event('input')); });

  // Every element that can be used has a name, and Tab comes to it.
  await page.$$eval('details', all => all.forEach(it => { it.open = true; }));
  const tree = await page.accessibility.snapshot({ interestingOnly: true });
  const nameless = [];
  (function walk(it) {
    if (/^(button|link|textbox|searchbox|combobox|spinbutton)$/.test(it.role) && !it.name) nameless.push(it);
    (it.children || []).forEach(walk);
  })(tree);
  assert.deepEqual(nameless, []);
  await page.evaluate(() => { document.activeElement.blur(); window.reached = new Set(); document.addEventListener('focusin', event => reached.add(event.target.dataset.view || event.target.id || event.target.name || event.target.className || event.target.textContent)); });
  for (let i = 0; i < 60; i++) await page.keyboard.press('Tab');
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('main button, main input, main select, main summary')]
    .map(it => it.dataset.view || it.id || it.name || it.className || it.textContent).filter(it => !reached.has(it))), []);
  await page.$$eval('details', all => all.forEach(it => { it.open = false; }));

  // A phone, in the dark.
  await page.setViewport({ width: 390, height: 844 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  for (const view of ['calls', 'webhooks', 'requests', 'errors', 'messages']) {
    await show(view);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, view + ' is as wide as a phone');
  }
  await picture('-phone');
  assert.deepEqual(problems, []);
  console.log('the page works; screenshots:', screenshot);
} finally {
  await browser.close();
}
