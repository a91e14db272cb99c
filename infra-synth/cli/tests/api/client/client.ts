// An insurer's integration, as short as it gets: the types come from the API's document, and so do the paths.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Appointment = components["schemas"]["Appointment"];

declare const process: { env: Record<string, string | undefined> };

const { API_URL, API_TOKEN } = process.env;
if (!API_URL || !API_TOKEN) throw new Error("API_URL and API_TOKEN say where the API is, and who calls");

const api = createClient<paths>({
  baseUrl: API_URL,
  headers: { Authorization: `Bearer ${API_TOKEN}`, "Accept-Language": "en" },
});

function check(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`it does not hold that ${claim}`);
}

const insuredId = "00777";

async function book(dateSchedule: string): Promise<Appointment> {
  const { data, error, response } = await api.POST("/appointments", {
    params: { header: { "Idempotency-Key": `"${dateSchedule}"` } },
    body: { insuredId, countryISO: "PE", dateSchedule, medicId: "4", comments: "Dolor de cabeza" },
  });
  check(data !== undefined, `an appointment is accepted: ${JSON.stringify(error)}`);
  check(response.headers.get("location") === `/appointments/${insuredId}`, "its location is said");
  return data.appointment;
}

async function list(query: NonNullable<paths["/appointments/{insuredId}"]["get"]["parameters"]["query"]>) {
  const { data, error, response } = await api.GET("/appointments/{insuredId}", {
    params: { path: { insuredId }, query },
  });
  check(data !== undefined && Array.isArray(data), `appointments are listed: ${JSON.stringify(error)}`);
  return { appointments: data, link: response.headers.get("link") };
}

// Booked twice with one key, it is one appointment.
const first = await book("2040-05-20T10:00:00-05:00");
check(first.status === "PENDING", "an appointment begins as PENDING");
check((await book("2040-05-20T10:00:00-05:00")).appointmentId === first.appointmentId, "a retry books nothing");
const second = await book("2040-05-21T10:00:00-05:00");

// The country confirms it.
const late = Date.now() + 60_000;
while ((await list({ status: "COMPLETED" })).appointments.length < 2) {
  check(Date.now() < late, "both are completed within a minute");
}

// Page by page.
const page = await list({ limit: 1 });
check(page.appointments[0]?.appointmentId === first.appointmentId, "the earliest comes first");
const cursor = /[?&]cursor=([^&>]+)[^>]*>; *rel="next"/.exec(page.link ?? "")?.[1];
check(cursor !== undefined, "the next page is named");
const rest = await list({ limit: 1, cursor });
check(rest.appointments[0]?.appointmentId === second.appointmentId, "the next page goes on");
check(rest.link === null, "the last page names no other");

// One of them, and not again while it is the same.
const path = { insuredId, appointmentId: first.appointmentId };
const one = await api.GET("/appointments/{insuredId}/{appointmentId}", { params: { path } });
check(one.data !== undefined && "countryISO" in one.data, "one appointment is read");
const etag = one.response.headers.get("etag");
check(etag !== null, "it has a tag");
const same = await api.GET("/appointments/{insuredId}/{appointmentId}", {
  params: { path, header: { "If-None-Match": etag } },
  parseAs: "text",
});
check(same.response.status === 304, "what is known is not sent again");

// As FHIR.
const fhir = await api.GET("/appointments/{insuredId}", {
  params: { path: { insuredId } },
  headers: { Accept: "application/fhir+json" },
});
check(fhir.data !== undefined && !Array.isArray(fhir.data), "the list is sent as FHIR");
check(fhir.data.resourceType === "Bundle" && fhir.data.entry?.length === 2, "it is a Bundle with both");
check(fhir.data.entry[0]?.resource.status === "booked", "what is completed is booked");

// A refusal says what to mend, in the language that was asked for.
const refused = await api.POST("/appointments", {
  body: { insuredId, countryISO: "PE", dateSchedule: "2020-05-20T10:00:00-05:00" },
});
check(refused.error !== undefined && "errors" in refused.error, "a past date is refused");
check(refused.error.errors?.[0]?.pointer === "/dateSchedule", "the refusal says where");
check(refused.error.title === "Invalid appointment data", "it is said in English");

// What the document does not know does not compile.
void (() =>
  api.POST("/appointments", {
    // @ts-expect-error a member that the document does not name
    body: { insuredId, countryISO: "PE", dateSchedule: "2040-05-20T10:00:00Z", medic: "4" },
  }));
// @ts-expect-error a country that is not served
void (() => api.POST("/appointments", { body: { insuredId, countryISO: "BR", dateSchedule: "" } }));

console.log("the round trip is made");
