use super::{ACCESS_LOG_KIB, Bill, CLOUDWATCH, KIB_PER_GB, count};
use infra_synth_wiring::Resource;

/// What CloudWatch stores of a log, which it compresses.
const LOG_COMPRESSION: f64 = 0.15;

impl Bill<'_, '_> {
    /// A log group: what its functions and APIs write, and what is kept of it.
    pub(super) fn log_group(&mut self, group: Resource<'_>) {
        let kib = self.logged_by_functions(group) + self.logged_by_apis(group);
        let gb = kib / KIB_PER_GB;
        self.in_use(
            CLOUDWATCH,
            group,
            "GB logged",
            gb,
            self.prices.log_ingestion_gb.of(gb),
        );
        // Without a retention a log only grows: a year of it stands for what that comes to.
        let months = group.number("RetentionInDays").unwrap_or(365.0) / 30.0;
        let stored = gb * months * LOG_COMPRESSION;
        self.in_use(
            CLOUDWATCH,
            group,
            "GB of logs kept",
            stored,
            self.prices.log_storage_gb_month.of(stored),
        );
    }

    fn logged_by_functions(&self, group: Resource<'_>) -> f64 {
        let own = self.wiring.functions().filter(|function| {
            let named = function
                .property("LoggingConfig.LogGroup")
                .and_then(|name| self.wiring.target(name));
            named.is_some_and(|found| found.id == group.id)
        });
        own.map(|function| count(&self.flow.invocations, function) * self.usage.log_kib)
            .sum()
    }

    fn logged_by_apis(&self, group: Resource<'_>) -> f64 {
        let own = self.wiring.of("AWS::ApiGatewayV2::Stage").filter(|stage| {
            let log = stage
                .property("AccessLogSettings.DestinationArn")
                .and_then(|arn| self.wiring.target(arn));
            log.is_some_and(|found| found.id == group.id)
        });
        own.filter_map(|stage| self.wiring.target(stage.property("ApiId")?))
            .map(|api| count(&self.flow.requests, api) * ACCESS_LOG_KIB)
            .sum()
    }
}
