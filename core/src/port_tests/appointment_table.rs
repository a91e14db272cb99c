use jiff::{SignedDuration, Timestamp};

use super::{announcements, listing};
use crate::{
    domain::{Appointment, AppointmentItem, Comments, Countries, Country, InsuredId, Moment, Status},
    doubles::{sample_appointment, sample_id},
    ports::{
        AnnouncementOutbox, AppointmentFilter, AppointmentListing, AppointmentQuery, AppointmentTable,
        CreateError, StatusUpdate,
    },
};

/// All that a table of appointments is asked for.
pub(super) trait WholeTable: AppointmentTable + AppointmentListing + AnnouncementOutbox {}

impl<T: AppointmentTable + AppointmentListing + AnnouncementOutbox> WholeTable for T {}

/// Runs every case against tables that `make` gives, an empty one each time.
///
/// # Panics
///
/// If the table breaks a promise of [`AppointmentTable`].
pub async fn appointment_table<T: AppointmentTable + AppointmentListing + AnnouncementOutbox>(
    make: impl AsyncFn() -> T,
) {
    what_was_created_reads_back_whole(&make().await).await;
    an_unknown_id_finds_nothing(&make().await).await;
    a_taken_id_is_refused_and_keeps_its_item(&make().await).await;
    the_appointments_of_an_insured_come_earliest_first(&make().await).await;
    only_the_insureds_own_appointments_are_listed(&make().await).await;
    a_long_list_comes_whole(&make().await).await;
    listing::pages_are_disjoint_and_complete_while_new_ones_arrive(&make().await).await;
    listing::a_page_is_full_unless_it_is_the_last(&make().await).await;
    listing::a_range_has_its_beginning_and_not_its_end(&make().await).await;
    listing::what_is_filtered_out_takes_no_place(&make().await).await;
    a_pending_appointment_completes_and_says_when(&make().await).await;
    a_second_completion_changes_nothing(&make().await).await;
    nothing_takes_completed_back(&make().await).await;
    an_update_of_nothing_creates_nothing(&make().await).await;
    announcements::an_item_reads_back_with_its_announcement(&make().await).await;
    announcements::what_is_due_comes_longest_due_first_and_within_the_limit(&make().await).await;
    announcements::what_is_younger_does_not_wait(&make().await).await;
    announcements::of_two_that_saw_the_same_one_reschedules(&make().await).await;
    announcements::what_is_completed_is_not_announced(&make().await).await;
}

async fn what_was_created_reads_back_whole(table: &impl WholeTable) {
    let full = Appointment {
        comments: Comments::new("Alergia: \"penicilina\" — ñandú 🩺\nsegunda línea").ok(),
        ..sample_appointment(1, Country::PE)
    };
    let bare = Appointment {
        schedule_id: None,
        center_id: None,
        medic_id: None,
        ..sample_appointment(2, Country::CL)
    };
    for appointment in [full, bare] {
        create(table, &appointment).await;
        assert_eq!(
            stored(table, &appointment).await,
            appointment,
            "a created appointment reads back as it was"
        );
    }
}

async fn an_unknown_id_finds_nothing(table: &impl WholeTable) {
    create(table, &sample_appointment(1, Country::PE)).await;
    let found = table.get_appointment_by_id(&sample_id(2)).await;
    assert!(
        matches!(found, Ok(None)),
        "an unknown id finds nothing, not {found:?}"
    );
}

async fn a_taken_id_is_refused_and_keeps_its_item(table: &impl WholeTable) {
    let first = sample_appointment(1, Country::PE);
    let second = Appointment {
        appointment_id: first.appointment_id,
        ..sample_appointment(2, Country::CL)
    };
    create(table, &first).await;
    let refused = table.create_appointment(&second.into()).await;
    assert!(
        matches!(refused, Err(CreateError::AlreadyExists)),
        "a taken id is refused as such, not with {refused:?}"
    );
    assert_eq!(
        stored(table, &first).await,
        first,
        "a refused create leaves the item as it was"
    );
}

async fn the_appointments_of_an_insured_come_earliest_first(table: &impl WholeTable) {
    // Against the order of creation, and of ids.
    for number in [3, 1, 2] {
        let mut appointment = sample_appointment(number, Country::PE);
        appointment.appointment_id = sample_id(10 - number);
        create(table, &appointment).await;
    }
    let dates: Vec<_> = list(table, &insured("00123"))
        .await
        .iter()
        .map(|found| found.date_schedule)
        .collect();
    let expected = [1, 2, 3].map(|number| sample_appointment(number, Country::PE).date_schedule);
    assert_eq!(dates, expected, "the earliest date comes first");
}

async fn only_the_insureds_own_appointments_are_listed(table: &impl WholeTable) {
    create(table, &sample_appointment(1, Country::PE)).await;
    let other = Appointment {
        insured_id: insured("123"),
        ..sample_appointment(2, Country::PE)
    };
    create(table, &other).await;
    assert_eq!(
        list(table, &insured("123")).await,
        [other],
        "`00123` is not `123`"
    );
    assert_eq!(
        list(table, &insured("0123")).await,
        [],
        "an insured without appointments has an empty list"
    );
}

async fn a_long_list_comes_whole(table: &impl WholeTable) {
    // 300 items of 4 kB or more are beyond the 1 MB that DynamoDB puts in a page.
    const COUNT: u32 = 300;
    let text = "🩺".repeat(Comments::MAX_CHARACTERS);
    let mut long = sample_appointment(0, Country::PE);
    long.comments = Comments::new(&text).ok();
    long.schedule_id = serde_json::from_value(serde_json::Value::String("x".repeat(2200))).ok();
    for number in 1..=COUNT {
        let appointment = sample_appointment(number, Country::PE);
        create(
            table,
            &Appointment {
                comments: long.comments.clone(),
                schedule_id: long.schedule_id.clone(),
                ..appointment
            },
        )
        .await;
    }
    let ids: Vec<_> = list(table, &insured("00123"))
        .await
        .iter()
        .map(|found| found.appointment_id)
        .collect();
    let expected: Vec<_> = (1..=COUNT).map(sample_id).collect();
    assert_eq!(ids, expected, "a list of several pages comes whole and in order");
}

async fn a_pending_appointment_completes_and_says_when(table: &impl WholeTable) {
    let pending = sample_appointment(1, Country::PE);
    create(table, &pending).await;
    assert_eq!(complete(table, &pending, noon()).await, StatusUpdate::Updated);
    let completed = Appointment {
        status: Status::Completed,
        updated_at: Some(Moment::new(noon())),
        ..pending
    };
    assert_eq!(
        stored(table, &completed).await,
        completed,
        "only status and updatedAt change"
    );
    assert_eq!(
        list(table, &completed.insured_id).await,
        [completed],
        "the index shows the change"
    );
}

async fn a_second_completion_changes_nothing(table: &impl WholeTable) {
    let pending = sample_appointment(1, Country::PE);
    create(table, &pending).await;
    complete(table, &pending, noon()).await;
    let once = stored(table, &pending).await;
    let later = noon() + SignedDuration::from_secs(60);
    assert_eq!(complete(table, &pending, later).await, StatusUpdate::Unchanged);
    assert_eq!(
        stored(table, &pending).await,
        once,
        "the second completion leaves updatedAt alone"
    );
}

async fn nothing_takes_completed_back(table: &impl WholeTable) {
    let pending = sample_appointment(1, Country::PE);
    create(table, &pending).await;
    complete(table, &pending, noon()).await;
    let once = stored(table, &pending).await;
    let back = table
        .update_appointment_status(&pending.appointment_id, Status::Pending, noon())
        .await;
    assert!(
        matches!(back, Ok(StatusUpdate::Unchanged)),
        "completed is not taken back: {back:?}"
    );
    assert_eq!(stored(table, &pending).await, once);
}

async fn an_update_of_nothing_creates_nothing(table: &impl WholeTable) {
    let absent = sample_appointment(1, Country::PE);
    assert_eq!(complete(table, &absent, noon()).await, StatusUpdate::NotFound);
    let found = table.get_appointment_by_id(&absent.appointment_id).await;
    assert!(matches!(found, Ok(None)), "an update creates nothing: {found:?}");
}

pub(super) async fn create(table: &impl WholeTable, appointment: &Appointment) {
    create_item(table, &appointment.clone().into()).await;
}

pub(super) async fn create_item(table: &impl WholeTable, item: &AppointmentItem) {
    let created = table.create_appointment(item).await;
    assert!(created.is_ok(), "an unused id is taken: {created:?}");
}

pub(super) async fn complete(
    table: &impl WholeTable,
    appointment: &Appointment,
    at: Timestamp,
) -> StatusUpdate {
    must(
        table
            .update_appointment_status(&appointment.appointment_id, Status::Completed, at)
            .await,
    )
}

async fn stored(table: &impl WholeTable, appointment: &Appointment) -> Appointment {
    match must(table.get_appointment_by_id(&appointment.appointment_id).await) {
        Some(found) => found,
        None => panic!("appointment {} is not stored", appointment.appointment_id),
    }
}

async fn list(table: &impl WholeTable, insured_id: &InsuredId) -> Vec<Appointment> {
    let whole = AppointmentQuery {
        insured_id: insured_id.clone(),
        filter: AppointmentFilter::default(),
        countries: Countries::ALL,
        after: None,
        limit: 1_000,
    };
    let page = must(table.get_appointments_by_insured_id(&whole).await);
    assert_eq!(page.next, None, "nothing comes after the last");
    page.appointments
}

pub(super) fn insured(text: &str) -> InsuredId {
    must(InsuredId::new(text))
}

pub(super) fn noon() -> Timestamp {
    must("2030-01-01T12:00:00.123Z".parse())
}

pub(super) fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the call succeeds: {error:?}"),
    }
}
