//! The cases of a list in parts.

use super::appointment_table::{WholeTable, complete, create, insured, must, noon};
use crate::{
    domain::{Appointment, AppointmentId, Countries, Country, DateSchedule, Status},
    doubles::{sample_appointment, sample_id},
    ports::{AppointmentFilter, AppointmentPage, AppointmentQuery, Position},
};

pub(super) async fn pages_are_disjoint_and_complete_while_new_ones_arrive(table: &impl WholeTable) {
    const COUNT: u32 = 30;
    // Five of each date, under ids that say nothing of the order.
    for number in 0..COUNT {
        create(table, &at_date(sample_id(number * 7 % COUNT), number / 5)).await;
    }
    for (round, limit) in (1..).zip([1, 3, 7, 30]) {
        let (mut seen, mut dates) = (Vec::new(), Vec::new());
        let mut after = None;
        for arrival in 0.. {
            let page = get(table, &query(limit, after.as_ref())).await;
            seen.extend(page.appointments.iter().map(|found| found.appointment_id));
            dates.extend(page.appointments.iter().map(|found| found.date_schedule));
            let Some(place) = page.next else { break };
            after = Some(place);
            let newcomer = sample_id(1_000 * round + arrival);
            create(table, &at_date(newcomer, arrival % 6)).await;
        }
        assert!(dates.is_sorted(), "pages of {limit} are in order");
        let mut first: Vec<_> = (0..COUNT).map(sample_id).collect();
        let known = |id: &AppointmentId| *id < sample_id(COUNT);
        let mut found: Vec<_> = seen.iter().filter(|id| known(id)).copied().collect();
        found.sort();
        first.sort();
        assert_eq!(found, first, "pages of {limit} have each of the first once");
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "pages of {limit} have none twice");
    }
}

pub(super) async fn a_page_is_full_unless_it_is_the_last(table: &impl WholeTable) {
    for number in 1..=4 {
        create(table, &sample_appointment(number, Country::PE)).await;
    }
    for (limit, pages) in [
        (1, &[1, 1, 1, 1][..]),
        (2, &[2, 2]),
        (3, &[3, 1]),
        (4, &[4]),
        (5, &[4]),
    ] {
        let mut sizes = Vec::new();
        let mut after = None;
        loop {
            let page = get(table, &query(limit, after.as_ref())).await;
            sizes.push(page.appointments.len());
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(sizes, pages, "pages of {limit}: the last one says so");
    }
}

pub(super) async fn a_range_has_its_beginning_and_not_its_end(table: &impl WholeTable) {
    for number in 1..=4 {
        create(table, &sample_appointment(number, Country::PE)).await;
    }
    let date = |number| Some(sample_appointment(number, Country::PE).date_schedule);
    for (from, to, expected) in [
        (date(2), None, &[2, 3, 4][..]),
        (None, date(3), &[1, 2]),
        (date(2), date(4), &[2, 3]),
        (date(3), date(3), &[]),
        (date(4), date(1), &[]),
        (date(5), None, &[]),
    ] {
        let filter = AppointmentFilter {
            from,
            to,
            status: None,
        };
        for limit in [1, 9] {
            assert_eq!(
                all_pages(
                    table,
                    &AppointmentQuery {
                        filter,
                        ..query(limit, None)
                    }
                )
                .await,
                ids(expected),
                "from {from:?} to before {to:?}"
            );
        }
    }
}

pub(super) async fn what_is_filtered_out_takes_no_place(table: &impl WholeTable) {
    for number in 1..=12 {
        let country = if number % 3 == 0 { Country::CL } else { Country::PE };
        let appointment = sample_appointment(number, country);
        create(table, &appointment).await;
        if number % 2 == 0 {
            complete(table, &appointment, noon()).await;
        }
    }
    let chile = Countries::from_iter([Country::CL]);
    for (status, countries, expected) in [
        (Some(Status::Pending), Countries::ALL, &[1, 3, 5, 7, 9, 11][..]),
        (Some(Status::Completed), Countries::ALL, &[2, 4, 6, 8, 10, 12]),
        (None, chile, &[3, 6, 9, 12]),
        (Some(Status::Completed), chile, &[6, 12]),
        (None, Countries::NONE, &[]),
    ] {
        let filter = AppointmentFilter {
            status,
            ..AppointmentFilter::default()
        };
        for limit in [1, 2, 12] {
            let narrowed = AppointmentQuery {
                filter,
                countries,
                ..query(limit, None)
            };
            assert_eq!(
                all_pages(table, &narrowed).await,
                ids(expected),
                "pages of {limit} of status {status:?} in {countries:?}"
            );
        }
    }
}

/// The ids of all pages; each page but the last must be full.
async fn all_pages(table: &impl WholeTable, first: &AppointmentQuery) -> Vec<AppointmentId> {
    let mut found = Vec::new();
    let mut query = first.clone();
    loop {
        let page = get(table, &query).await;
        found.extend(page.appointments.iter().map(|found| found.appointment_id));
        if page.next.is_none() {
            return found;
        }
        assert_eq!(
            page.appointments.len(),
            query.limit,
            "only the last page is short"
        );
        query.after = page.next;
    }
}

async fn get(table: &impl WholeTable, query: &AppointmentQuery) -> AppointmentPage {
    must(table.get_appointments_by_insured_id(query).await)
}

fn query(limit: u32, after: Option<&Position>) -> AppointmentQuery {
    AppointmentQuery {
        insured_id: insured("00123"),
        filter: AppointmentFilter::default(),
        countries: Countries::ALL,
        after: after.cloned(),
        limit: must(usize::try_from(limit)),
    }
}

fn at_date(id: AppointmentId, date: u32) -> Appointment {
    let date_schedule: DateSchedule = sample_appointment(date, Country::PE).date_schedule;
    Appointment {
        appointment_id: id,
        date_schedule,
        ..sample_appointment(0, Country::PE)
    }
}

fn ids(numbers: &[u32]) -> Vec<AppointmentId> {
    numbers.iter().copied().map(sample_id).collect()
}
