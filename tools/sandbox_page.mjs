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
  const asked = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(url + '/');

  const list = () => page.$eval('#list', it => it.innerText);
  const picture = name => page.screenshot({ path: screenshot.replace(/(\.png)?$/, `${name}.png`) });
  const show = async view => { await page.click(`[data-view=${view}]`); return list(); };
  // A view has these texts, now or with one of the next events: the server tells of an error after its message.
  const shows = async (view, ...texts) => {
    await show(view);
    for (const text of texts) {
      await page.waitForFunction(text => document.getElementById('list').innerText.includes(text), {}, text)
        .catch(() => assert.fail(`${view} doesn't show ${JSON.stringify(text)}`));
    }
  };
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
  await shows('messages', text);
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
  await shows('errors', 'nowhere', '404', 'Error 21211', '<b>nobody');
  await picture('-errors');
  await shows('webhooks', '/sms');
  await shows('calls');
  await page.waitForFunction(() => /completed|in-progress/.test(document.getElementById('list').innerText));
  await page.focus('#list button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  assert((await page.$eval('#content', it => it.innerText)).includes('Say: '), "a call's transcript is shown");
  await no_markup();
  await picture('-detail');
  await page.waitForFunction(() => /^Errors [1-9]/.test(document.querySelector('[data-view=errors]').textContent));
  await page.keyboard.press('Escape');
  assert.equal(await page.$('dialog[open]'), null);

  // The code of a verification, and an API request once more.
  await shows('verifications', 'Code 471147');
  assert.match(await list(), /\+15558675310 \(sms\)\s+pending\s+Code 471147/);
  await shows('requests', 'Messages.json');
  const press = async (word, scope = 'main') => { // of the buttons that can be seen
    const all = await page.$$(scope + ' button');
    for (const it of all) if (await it.evaluate((b, word) => b.checkVisibility() && b.textContent === word, word)) return it.click();
    throw new Error('there is no button ' + word);
  };
  const said = async run => {
    await page.$eval('#answer', it => { it.textContent = ''; });
    await run();
    await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
    return page.$eval('#answer', it => it.textContent);
  };
  await page.evaluate(() => [...document.querySelectorAll('#list button')].find(it => it.textContent.includes('Messages.json') && it.querySelector('strong').textContent === '201').click());
  assert.equal(await said(() => press('Replay', 'dialog')), 'The request was answered 201.');
  await page.waitForFunction(() => [...document.querySelectorAll('#list button')].filter(it => it.textContent.includes('Messages.json') && it.querySelector('strong').textContent === '201').length === 2);
  await page.evaluate(() => [...document.querySelectorAll('#list button')].find(it => it.textContent.includes('Messages.json')).click());
  await page.waitForFunction(() => document.querySelector('dialog[open]'));
  assert.match(await page.$eval('#content', it => it.innerText), /\bsid\s+SM[0-9a-f]{32}/);
  await page.keyboard.press('Escape');

  // The clock stands still, goes on, is set and moved.
  await page.$$eval('details', all => all.forEach(it => { it.open = true; }));
  const clock = () => page.$eval('#clock', it => it.textContent);
  assert.equal(await said(() => page.click('#freeze')), 'The clock stands still.');
  assert.match(await clock(), /, frozen$/);
  const stopped = await clock();
  await new Promise(done => setTimeout(done, 1200));
  assert.equal((await clock()).slice(0, 29), stopped.slice(0, 29));
  await picture('-forms');
  assert.equal(await said(() => page.click('#freeze')), 'The clock goes on.');
  assert.equal(await said(() => page.click('#offset button')), 'The clock is set.');
  assert.match(await clock(), / GMT, 3\D600 s ahead$/);
  assert.equal(await said(() => page.click('#advance button')), 'The clock is advanced.');
  assert.match(await clock(), / GMT, 3\D660 s ahead$/);
  assert.match(await said(() => page.click('#offset button')), /^clock.offset must not lead back/);
  problems.pop(); // the browser tells of the 400
  await page.$$eval('details', all => all.forEach(it => { it.open = false; }));

  // Another sandbox has nothing of this one, and is removed again.
  const shown_space = () => page.$eval('#space', it => it.value);
  page.on('dialog', dialog => dialog.accept('worker-1'));
  await page.select('#space', '');
  await page.waitForFunction(() => document.getElementById('counts').textContent === '0 messages, 0 calls');
  assert.deepEqual([await shown_space(), new URL(page.url()).search], ['worker-1', '?sandbox=worker-1']);
  await shows('messages', 'None yet.');
  await page.reload();
  await page.waitForFunction(() => document.getElementById('space').value === 'worker-1');
  await page.$$eval('details', all => all.forEach(it => { it.open = true; }));
  assert.equal(await said(() => page.click('#remove')), 'worker-1 is removed.');
  await page.waitForFunction(() => document.querySelector('#list .bubble'));
  assert.deepEqual([await shown_space(), new URL(page.url()).search], ['default', '']);
  assert.deepEqual(await page.$$eval('#space option', all => all.map(it => it.value)), ['default', '']);
  await page.$$eval('details', all => all.forEach(it => { it.open = false; }));

  // All of this came by events. Without a stream the page asks by itself.
  assert.equal(await page.$eval('#live', it => it.textContent), 'live');
  assert(!asked.includes('/__sandbox/state'), 'nothing is polled');
  await page.setRequestInterception(true);
  page.on('request', request => request.url().includes('/__sandbox/events') ? request.respond({ status: 503, body: '{}' }) : request.continue());
  const known = problems.length;
  await page.reload();
  await page.waitForFunction(() => document.getElementById('live').textContent === 'asking every second');
  assert.equal(await send('Hello again', ''), 'Reply: You said: Hello again');
  await page.waitForFunction(() => document.getElementById('list').innerText.includes('You said: Hello again'));
  assert(asked.includes('/__sandbox/state'));
  problems.splice(known); // the browser tells of the 503
  page.removeAllListeners('request');
  await page.setRequestInterception(false);
  await page.reload();
  await page.waitForFunction(() => document.getElementById('live').textContent === 'live');

  await page.type('#search', 'no such text');
  await page.waitForFunction(() => document.getElementById('list').innerText === 'None yet.');
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
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('main button, main input, main select, main summary, header select')]
    .filter(it => it.checkVisibility()).map(it => it.dataset.view || it.id || it.name || it.className || it.textContent).filter(it => !reached.has(it))), []);
  await page.$$eval('details', all => all.forEach(it => { it.open = false; }));

  // A phone, in the dark.
  await page.setViewport({ width: 390, height: 844 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  for (const view of ['calls', 'webhooks', 'requests', 'errors', 'messages']) {
    await show(view);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, view + ' is as wide as a phone');
  }
  await picture('-phone');
  await page.$$eval('details', all => all.forEach(it => { it.open = true; }));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the forms are as wide as a phone');
  await picture('-phone-forms');
  await page.$$eval('details', all => all.forEach(it => { it.open = false; }));
  await shows('requests', 'Messages.json');
  await page.evaluate(() => document.querySelector('#list button').click());
  await page.waitForSelector('dialog[open]');
  assert.equal(await page.evaluate(() => document.querySelector('dialog').scrollWidth <= 390), true);
  await picture('-phone-detail');
  assert.deepEqual(problems, []);
  console.log('the page works; screenshots:', screenshot);
} finally {
  await browser.close();
}
