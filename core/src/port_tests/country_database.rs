use crate::{
    domain::{Appointment, AppointmentId, Country, DateSchedule, InsuredId, Moment, Reference},
    doubles::sample_appointment,
    ports::CountryDatabase,
};

/// A row of a country table, as far as every adapter must keep it; `status` is always
/// [`COUNTRY_ROW_STATUS`](crate::names::COUNTRY_ROW_STATUS), and the other dates are the adapter's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns")]
pub struct CountryRow {
    pub appointment_id: AppointmentId,
    pub insured_id: InsuredId,
    pub schedule_id: Option<Reference>,
    pub center_id: Option<Reference>,
    pub specialty_id: Option<Reference>,
    pub medic_id: Option<Reference>,
    pub date_schedule: DateSchedule,
    pub country_iso: Country,
    pub created_at: Moment,
}

impl From<&Appointment> for CountryRow {
    fn from(appointment: &Appointment) -> Self {
        Self {
            appointment_id: appointment.appointment_id,
            insured_id: appointment.insured_id.clone(),
            schedule_id: appointment.schedule_id.clone(),
            center_id: appointment.center_id.clone(),
            specialty_id: appointment.specialty_id.clone(),
            medic_id: appointment.medic_id.clone(),
            date_schedule: appointment.date_schedule,
            country_iso: appointment.country_iso,
            created_at: appointment.date_created,
        }
    }
}

/// Runs every case against databases of `country` that `make` gives, an empty one each time; `rows` reads one's
/// rows, in any order.
///
/// # Panics
///
/// If the database breaks a promise of [`CountryDatabase`].
pub async fn country_database<T: CountryDatabase>(
    country: Country,
    make: impl AsyncFn() -> T,
    rows: impl AsyncFn(&T) -> Vec<CountryRow>,
) {
    let [first, second, third] = [1, 2, 3].map(|number| sample_appointment(number, country));

    let database = make().await;
    insert(&database, &[]).await;
    assert_rows(&rows(&database).await, &[], "an empty insert is no row");

    let database = make().await;
    insert(&database, &[first.clone(), second.clone()]).await;
    assert_rows(
        &rows(&database).await,
        &[&first, &second],
        "every appointment of a batch is a row",
    );

    let database = make().await;
    let bare = Appointment {
        schedule_id: None,
        center_id: None,
        medic_id: None,
        ..first.clone()
    };
    insert(&database, std::slice::from_ref(&bare)).await;
    assert_rows(&rows(&database).await, &[&bare], "an absent field stays absent");

    let database = make().await;
    insert(&database, &[first.clone(), first.clone()]).await;
    assert_rows(
        &rows(&database).await,
        &[&first],
        "an appointment that is twice in a batch is one row",
    );

    let database = make().await;
    insert(&database, std::slice::from_ref(&first)).await;
    let changed = Appointment {
        date_schedule: third.date_schedule,
        ..first.clone()
    };
    insert(&database, &[changed, second.clone()]).await;
    assert_rows(
        &rows(&database).await,
        &[&first, &second],
        "an appointment that arrives again leaves its row as it is, and its neighbour is inserted",
    );

    let database = make().await;
    let many: Vec<_> = (1..=50)
        .map(|number| sample_appointment(number, country))
        .collect();
    insert(&database, &many).await;
    assert_rows(
        &rows(&database).await,
        &many.iter().collect::<Vec<_>>(),
        "a large batch is inserted whole",
    );
}

async fn insert(database: &impl CountryDatabase, appointments: &[Appointment]) {
    let inserted = database.insert_appointments(appointments).await;
    assert!(
        inserted.is_ok(),
        "an insert of {} appointments succeeds: {inserted:?}",
        appointments.len()
    );
}

fn assert_rows(found: &[CountryRow], appointments: &[&Appointment], claim: &str) {
    let mut found = found.to_vec();
    found.sort_by_key(|row| row.appointment_id);
    let mut expected: Vec<_> = appointments.iter().copied().map(CountryRow::from).collect();
    expected.sort_by_key(|row| row.appointment_id);
    assert_eq!(found, expected, "{claim}");
}
