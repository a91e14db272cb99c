// Books an appointment as a person would on the page /docs: signs in, opens the operation, tries it, reads the answer.
import { createRequire } from "node:module";

const { API_URL, API_TOKEN, PUPPETEER, SCREENSHOT } = process.env;
const puppeteer = createRequire(import.meta.url)(PUPPETEER);

// Long enough for a machine that does much else.
const PATIENCE_MS = 120_000;

const browser = await puppeteer.launch({
  timeout: PATIENCE_MS,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // A container's root has no sandbox; the page is our own.
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1280, height: 1600 });
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(API_URL) && !url.startsWith("data:")) complaints.push(`it asks ${url}`);
  });

  await page.goto(`${API_URL}/docs`, { waitUntil: "networkidle0" });

  // The page moves while it opens: a click by its place would miss.
  const click = async (selector) => (await page.waitForSelector(selector, { visible: true })).evaluate((e) => e.click());

  // Entered as from a keyboard, since the page does not notice a value that is set.
  const enter = async (selector, text) => {
    const field = await page.waitForSelector(selector, { visible: true });
    await field.evaluate((e) => (e.focus(), e.select()));
    await page.keyboard.sendCharacter(text);
  };

  await click(".auth-wrapper .authorize");
  await enter(".auth-container input", API_TOKEN);
  await click(".auth-btn-wrapper .authorize");
  await click(".auth-btn-wrapper .btn-done");

  const operation = ".opblock-post";
  await click(`${operation} .opblock-summary-control`);
  const body = { insuredId: "00888", countryISO: "CL", dateSchedule: "2040-05-20T10:00:00-04:00" };
  await enter(`${operation} textarea.body-param__text`, JSON.stringify(body));
  await click(`${operation} .execute`);

  await page.waitForSelector(`${operation} .live-responses-table tbody .response-col_status`, { visible: true });
  const shown = await page.$eval(`${operation} .live-responses-table`, (table) => table.textContent);
  await (await page.$(`${operation} .live-responses-table`)).scrollIntoView();
  await page.screenshot({ path: SCREENSHOT });

  for (const text of ["201", "appointmentId", "00888", "PENDING"]) {
    if (!shown.includes(text)) throw new Error(`the answer does not show ${text}: ${shown}`);
  }
  const answer = await fetch(`${API_URL}/appointments/00888`, {
    headers: { Authorization: `Bearer ${API_TOKEN}` },
  });
  const [appointment] = await answer.json();
  if (!shown.includes(appointment.appointmentId)) throw new Error(`another appointment is shown: ${shown}`);
  if (complaints.length > 0) throw new Error(`the page complains: ${complaints.join("; ")}`);
  console.log(`posted ${appointment.appointmentId}`);
} finally {
  await browser.close();
}
