use schedule_core::{
    Country,
    country_table::{INSURED_ID_CHARACTERS, REFERENCE_CHARACTERS},
};

/// The statement that makes a country's table where there is none.
///
/// Identifiers compare by their bytes, because `abc` and `ABC` are two insured persons. Dates are in UTC.
pub(crate) fn create_table(country: Country) -> String {
    let table = country.table_name();
    format!(
        "CREATE TABLE IF NOT EXISTS `{table}` (
            `appointment_id` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            `insured_id` VARCHAR({INSURED_ID_CHARACTERS}) NOT NULL,
            `schedule_id` VARCHAR({REFERENCE_CHARACTERS}) NULL,
            `center_id` VARCHAR({REFERENCE_CHARACTERS}) NULL,
            `specialty_id` VARCHAR({REFERENCE_CHARACTERS}) NULL,
            `medic_id` VARCHAR({REFERENCE_CHARACTERS}) NULL,
            `date_schedule` DATETIME NOT NULL,
            `country_iso` CHAR(2) NOT NULL,
            `status` VARCHAR(16) NOT NULL,
            `created_at` DATETIME(3) NOT NULL,
            `updated_at` DATETIME(3) NOT NULL,
            PRIMARY KEY (`appointment_id`)
        ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    )
}
