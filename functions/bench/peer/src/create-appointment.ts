// createAppointment as one would write it with care: clients made once, the same checks, the same two calls.
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const table = process.env.APPOINTMENTS_TABLE!;
const topic = process.env.SNS_TOPIC_ARN!;
const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sns = new SNSClient({});

const references = ["scheduleId", "centerId", "specialtyId", "medicId"];
const known = new Set(["insuredId", "countryISO", "dateSchedule", "comments", ...references]);
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

type Fault = { pointer: string; detail: string };
type Body = Record<string, unknown>;

function faults(body: Body): Fault[] {
  const found: Fault[] = [];
  const fault = (field: string, detail: string) => found.push({ pointer: `/${field}`, detail });
  const text = (field: string) => (typeof body[field] === "string" ? (body[field] as string) : undefined);
  for (const field of Object.keys(body)) if (!known.has(field)) fault(field, "no se conoce este campo");
  if (!/^[A-Za-z0-9-]{1,32}$/.test(text("insuredId") ?? "")) fault("insuredId", "debe tener de 1 a 32 caracteres");
  if (!["PE", "CL"].includes(text("countryISO") ?? "")) fault("countryISO", "debe ser PE o CL");
  const date = text("dateSchedule") ?? "";
  if (!dateTime.test(date) || !(Date.parse(date) > Date.now())) fault("dateSchedule", "debe ser futura");
  for (const field of references) {
    const length = text(field)?.length ?? 0;
    if (field in body && (length < 1 || length > 64)) fault(field, "debe tener de 1 a 64 caracteres");
  }
  if ("comments" in body && !(text("comments") !== undefined && text("comments")!.length <= 500))
    fault("comments", "debe tener 500 caracteres como máximo");
  return found;
}

function problem(status: number, detail: string, errors?: Fault[]) {
  return {
    statusCode: status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title: detail, status, detail, message: detail, errors }),
  };
}

export async function handler(event: any) {
  const text = event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body;
  if (!/^application\/json/i.test(event.headers["content-type"] ?? "")) return problem(415, "Se espera JSON.");
  if (Buffer.byteLength(text) > 16384) return problem(413, "El cuerpo es demasiado grande.");
  let body: Body;
  try {
    body = JSON.parse(text);
  } catch {
    return problem(400, "El cuerpo no es JSON.");
  }
  const refused = faults(body);
  if (refused.length > 0) return problem(400, "La cita tiene errores.", refused);
  const now = new Date().toISOString();
  const dateSchedule = new Date(body.dateSchedule as string).toISOString().replace(/\.\d+Z$/, "Z");
  const appointment = {
    appointmentId: randomUUID(), ...body, dateSchedule, dateCreated: now, status: "PENDING",
  } as Body & { appointmentId: string };
  await dynamodb.send(
    new PutCommand({ TableName: table, Item: appointment, ConditionExpression: "attribute_not_exists(appointmentId)" }),
  );
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Message: JSON.stringify({ event: "APPOINTMENT_CREATED", timestamp: now, data: appointment }),
      MessageAttributes: {
        eventType: { DataType: "String", StringValue: "APPOINTMENT_CREATED" },
        country: { DataType: "String", StringValue: body.countryISO as string },
      },
    }),
  );
  console.log(JSON.stringify({ level: "INFO", message: "appointment created", appointment_id: appointment.appointmentId }));
  return {
    statusCode: 201,
    headers: { "content-type": "application/json", location: `/appointments/${body.insuredId}` },
    body: JSON.stringify({ message: "Cita registrada con éxito.", appointment }),
  };
}
