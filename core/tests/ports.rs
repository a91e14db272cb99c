//! The doubles keep the promises that they stand in for.

use schedule_core::{
    Country,
    doubles::{InMemoryAppointmentTable, InMemoryCountryDatabase},
    port_tests::{self, CountryRow},
};

#[tokio::test]
async fn the_table_in_memory_keeps_the_ports_promises() {
    port_tests::appointment_table(async || InMemoryAppointmentTable::new()).await;
}

#[tokio::test]
async fn the_country_database_in_memory_keeps_the_ports_promises() {
    for country in Country::ALL {
        port_tests::country_database(
            country,
            async || InMemoryCountryDatabase::new(),
            async |database| database.rows().iter().map(CountryRow::from).collect(),
        )
        .await;
    }
}
