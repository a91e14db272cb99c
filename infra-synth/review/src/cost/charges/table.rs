use super::{Bill, DYNAMODB, HOURS, KIB_PER_GB, count};
use infra_synth_wiring::Resource;

impl Bill<'_, '_> {
    /// A table: what is written and read, and what it keeps.
    pub(super) fn table(&mut self, table: Resource<'_>) {
        let prices = self.prices;
        let copies = 1.0 + table.list("GlobalSecondaryIndexes").len() as f64;
        if table.text("BillingMode") == Some("PAY_PER_REQUEST") {
            // A write is counted by the KiB, in the table and in each of its indexes.
            let writes =
                count(&self.flow.writes, table) * self.usage.appointment_kib.ceil().max(1.0) * copies;
            self.in_use(
                DYNAMODB,
                table,
                "write units",
                writes,
                prices.dynamodb_write_unit.of(writes),
            );
            // A read is counted by the 4 KiB, by half of them if it may be a moment old.
            let list_kib = self.usage.appointments_per_read * self.usage.appointment_kib;
            let reads = count(&self.flow.reads, table) * (list_kib / 4.0).ceil().max(1.0) / 2.0;
            self.in_use(
                DYNAMODB,
                table,
                "read units",
                reads,
                prices.dynamodb_read_unit.of(reads),
            );
        } else {
            let units = |name: &str| {
                table
                    .number(&format!("ProvisionedThroughput.{name}"))
                    .unwrap_or(5.0)
                    * HOURS
            };
            let (writes, reads) = (units("WriteCapacityUnits"), units("ReadCapacityUnits"));
            self.fixed(
                DYNAMODB,
                table,
                "write capacity hours",
                writes,
                prices.dynamodb_write_capacity_hour.of(writes),
            );
            self.fixed(
                DYNAMODB,
                table,
                "read capacity hours",
                reads,
                prices.dynamodb_read_capacity_hour.of(reads),
            );
        }
        let gb = self.usage.appointments * self.usage.months_kept * self.usage.appointment_kib / KIB_PER_GB;
        let stored = gb * copies;
        self.in_use(
            DYNAMODB,
            table,
            "GB stored",
            stored,
            prices.dynamodb_storage_gb_month.of(stored),
        );
        if table.flag("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled") {
            self.in_use(
                DYNAMODB,
                table,
                "GB to recover from",
                gb,
                prices.dynamodb_recovery_gb_month.of(gb),
            );
        }
    }
}
