// sandbox_page.mjs: the served sandbox's page in a real browser: shows what comes, sends an inbound message, takes a screenshot.
//
//   node sandbox_page.mjs URL FOLDER_WITH_NODE_MODULES SCREENSHOT.png NUMBER TEXT
//
// NUMBER was bought, TEXT was sent as a message: tools/sandbox_page.sh does that.
//
// Builds on puppeteer-core and the system's Chromium. Any surprise is an exception.
import assert from 'node:assert';
import { createRequire } from 'node:module';

const [url, folder, screenshot, to, text] = process.argv.slice(2);
const puppeteer = createRequire(folder + '/')('puppeteer-core');

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', acceptInsecureCerts: true, args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', error => problems.push(String(error)));
  page.on('console', message => { if (message.type() === 'error' && !/favicon/.test(message.location().url || '')) problems.push(message.text()); });
  await page.setViewport({ width: 1200, height: 1300 });
  await page.goto(url + '/');

  const cells = id => page.$$eval(`#${id} tr`, rows => rows.map(row => row.innerText));
  await page.waitForFunction(() => document.querySelectorAll('#messages tr td').length > 1);
  assert((await cells('messages')).some(row => row.includes(text)), 'a message sent through the API is shown');
  // What others write is shown as text.
  assert.equal((await page.$$('#messages img')).length, 0);

  await page.$eval('#inbound [name=to]', (input, value) => { input.value = value; }, to);
  await page.$eval('#inbound [name=body]', input => { input.value = 'Hello from the page'; });
  await page.click('#inbound button');
  await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
  assert.equal(await page.$eval('#answer', it => it.textContent), 'Reply: You said: Hello from the page');

  await page.waitForFunction(() => document.getElementById('messages').innerText.includes('outbound-reply'));
  assert((await cells('webhooks')).some(row => row.includes('/sms') && row.includes('200')), 'the webhook is shown with its status');
  assert((await cells('calls')).some(row => row.includes('Say: ')), "a call's transcript is shown");
  await page.screenshot({ path: screenshot });
  assert.deepEqual(problems, []);
  console.log('the page works; screenshot:', screenshot);
} finally {
  await browser.close();
}
