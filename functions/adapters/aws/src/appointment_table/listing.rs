//! A part of an insured's appointments: one query of the index for as long as it is filled by one.

use std::collections::HashMap;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use schedule_core::{
    Appointment, DateSchedule,
    names::{APPOINTMENT_ID, COUNTRY_ISO, DATE_SCHEDULE, INSURED_ID, INSURED_ID_INDEX, STATUS},
    ports::{AppointmentListing, AppointmentPage, AppointmentQuery, PortError, Position},
};

use super::{DynamoDbAppointmentTable, QUERY, item};
use crate::fault;

/// How many items a further call looks at, where a filter left the page short: few calls, none of them long.
const FURTHER_ITEMS: usize = 1_000;

impl AppointmentListing for DynamoDbAppointmentTable {
    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        // DynamoDB refuses a range that ends before it begins, and a condition on nothing.
        if query.filter.is_empty() || query.countries.is_empty() {
            return Ok(AppointmentPage::default());
        }
        let mut found: Vec<(Position, Appointment)> = Vec::new();
        let mut start = query.after.as_ref().map(|after| start_key(query, after));
        // One more than wanted says whether there are more.
        let mut items = query.limit.saturating_add(1);
        loop {
            let page = self
                .query_insured(query)
                .set_exclusive_start_key(start)
                .limit(i32::try_from(items).unwrap_or(i32::MAX))
                .send()
                .await
                .map_err(|error| fault::from_sdk(QUERY, &error))?;
            for stored in page.items.unwrap_or_default() {
                let date_schedule = match stored.get(DATE_SCHEDULE) {
                    Some(AttributeValue::S(text)) => text.clone(),
                    _ => String::new(),
                };
                let appointment = item::read(QUERY, stored)?.appointment;
                let place = Position {
                    date_schedule,
                    appointment_id: appointment.appointment_id,
                };
                found.push((place, appointment));
            }
            start = page.last_evaluated_key;
            if found.len() > query.limit || start.is_none() {
                return Ok(AppointmentPage::of(found, query.limit));
            }
            items = query.limit.saturating_add(1) - found.len();
            if query.filter.status.is_some() || !query.countries.is_all() {
                items = items.max(FURTHER_ITEMS);
            }
        }
    }
}

impl DynamoDbAppointmentTable {
    fn query_insured(&self, query: &AppointmentQuery) -> QueryFluentBuilder {
        let mut call = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INSURED_ID_INDEX)
            .key_condition_expression(match (query.filter.from, query.filter.to) {
                (None, None) => "#insured = :insured",
                (Some(_), None) => "#insured = :insured AND #date >= :from",
                (None, Some(_)) => "#insured = :insured AND #date < :to",
                // One condition on the sort key is all there may be; no item's text is the upper limit's.
                (Some(_), Some(_)) => "#insured = :insured AND #date BETWEEN :from AND :to",
            })
            .expression_attribute_names("#insured", INSURED_ID)
            .expression_attribute_values(":insured", text(query.insured_id.as_str()))
            .scan_index_forward(true);
        let limits = [(":from", query.filter.from), (":to", query.filter.to)];
        for (name, limit) in limits {
            if let Some(limit) = limit.map(DateSchedule::index_prefix) {
                call = call.expression_attribute_values(name, AttributeValue::S(limit));
            }
        }
        if query.filter.from.or(query.filter.to).is_some() {
            call = call.expression_attribute_names("#date", DATE_SCHEDULE);
        }
        filtered(call, query)
    }
}

fn filtered(mut call: QueryFluentBuilder, query: &AppointmentQuery) -> QueryFluentBuilder {
    let mut conditions = Vec::new();
    if let Some(status) = query.filter.status {
        conditions.push("#status = :status".to_owned());
        call = call
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_values(":status", text(status.as_str()));
    }
    if !query.countries.is_all() {
        let mut any = Vec::new();
        for country in query.countries.iter() {
            let name = format!(":{country}");
            any.push(format!("#country = {name}"));
            call = call.expression_attribute_values(name, text(country.as_str()));
        }
        call = call.expression_attribute_names("#country", COUNTRY_ISO);
        conditions.push(format!("({})", any.join(" OR ")));
    }
    let filter = (!conditions.is_empty()).then(|| conditions.join(" AND "));
    call.set_filter_expression(filter)
}

/// The keys of the index and of the table, as they are stored: DynamoDB goes on after them.
fn start_key(query: &AppointmentQuery, after: &Position) -> HashMap<String, AttributeValue> {
    [
        (INSURED_ID, query.insured_id.as_str().to_owned()),
        (DATE_SCHEDULE, after.date_schedule.clone()),
        (APPOINTMENT_ID, after.appointment_id.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
    .into()
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
