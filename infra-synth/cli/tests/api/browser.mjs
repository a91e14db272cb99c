// Books an appointment as a person would on the page /docs: signs in, opens the operation, tries it, reads the answer.
import { createRequire } from "node:module";

const { API_URL, API_TOKEN, PUPPETEER, SCREENSHOT } = process.env;
const puppeteer = createRequire(import.meta.url)(PUPPETEER);

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // A container's root has no sandbox; the page is our own.
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const page = await browser.newPage();
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

  await page.locator(".scheme-container .authorize, .auth-wrapper .authorize").click();
  await page.locator(".auth-container input").fill(API_TOKEN);
  await page.locator(".auth-btn-wrapper .authorize").click();
  await page.locator(".auth-btn-wrapper .btn-done").click();

  const operation = ".opblock-post";
  await page.locator(`${operation} .opblock-summary-control`).click();
  await page.locator(`${operation} .try-out__btn`).click();
  const body = { insuredId: "00888", countryISO: "CL", dateSchedule: "2040-05-20T10:00:00-04:00" };
  await page.locator(`${operation} textarea.body-param__text`).fill(JSON.stringify(body));
  await page.locator(`${operation} .execute`).click();

  const status = `${operation} .live-responses-table .response-col_status`;
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.textContent.trim(),
    {},
    `${status}:not(.col_header)`,
  );
  const shown = await page.$eval(`${operation} .live-responses-table`, (table) => table.textContent);
  await page.locator(`${operation} .live-responses-table`).scroll({ scrollTop: 0 });
  await page.screenshot({ path: SCREENSHOT, fullPage: true });

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
