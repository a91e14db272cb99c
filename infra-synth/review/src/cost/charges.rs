use super::flow::Flow;
use super::prices::{Prices, prices};
use super::{Estimate, Line, Usage};
use infra_synth_wiring::{Resource, Wiring};

mod logs;
mod table;

/// AWS's own month, of a year of 365 days.
const HOURS: f64 = 730.0;
const KIB_PER_GB: f64 = 1024.0 * 1024.0;
/// Of each request that the API answers, what its access log and its headers come to.
const ACCESS_LOG_KIB: f64 = 0.5;
const HEADERS_KIB: f64 = 0.5;
/// What TLS and HTTP add to an event on its way through an endpoint.
const CALL_OVERHEAD_KIB: f64 = 2.0;
/// Lambda starts with five pollers for a queue, each with long polls of 20 s
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>).
const IDLE_POLLS: f64 = 5.0 * HOURS * 3600.0 / 20.0;
/// SNS and EventBridge count a message by the 64 KiB.
const CHUNK_KIB: f64 = 64.0;

const API: &str = "API Gateway";
const LAMBDA: &str = "Lambda";
const DYNAMODB: &str = "DynamoDB";
const SNS: &str = "SNS";
const SQS: &str = "SQS";
const EVENTBRIDGE: &str = "EventBridge";
const VPC: &str = "VPC";
const CLOUDWATCH: &str = "CloudWatch";
const TRANSFER: &str = "Data transfer";

/// Types that cost nothing of their own: what flows through them is counted where it arrives.
const FREE: [&str; 21] = [
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::KMS::Alias",
    "AWS::CDK::Metadata",
];

/// Puts a price on everything that flows, and on everything that stands.
pub(super) fn charge(wiring: &Wiring<'_>, usage: &Usage, flow: &Flow) -> Estimate {
    let mut bill = Bill {
        wiring,
        usage,
        flow,
        prices: prices(),
        lines: Vec::new(),
        unpriced: Vec::new(),
    };
    for resource in wiring.all() {
        bill.resource(resource);
    }
    Estimate {
        usage: usage.clone(),
        lines: bill.lines,
        unpriced: bill.unpriced,
    }
}

struct Bill<'a, 'w> {
    wiring: &'w Wiring<'a>,
    usage: &'w Usage,
    flow: &'w Flow,
    prices: &'static Prices,
    lines: Vec<Line>,
    unpriced: Vec<(String, String)>,
}

impl Bill<'_, '_> {
    fn resource(&mut self, one: Resource<'_>) {
        let prices = self.prices;
        match one.kind {
            "AWS::ApiGatewayV2::Api" => self.api(one),
            "AWS::Lambda::Function" => self.function(one),
            "AWS::DynamoDB::Table" => self.table(one),
            "AWS::SNS::Topic" => {
                let messages = self.messages(one);
                self.in_use(
                    SNS,
                    one,
                    "publications",
                    messages,
                    prices.sns_publish.of(messages),
                );
            }
            "AWS::Events::EventBus" => {
                let events = self.messages(one);
                self.in_use(
                    EVENTBRIDGE,
                    one,
                    "events",
                    events,
                    prices.eventbridge_event.of(events),
                );
            }
            "AWS::SQS::Queue" => self.queue(one),
            "AWS::EC2::VPCEndpoint" => self.endpoint(one),
            "AWS::EC2::NatGateway" => {
                self.fixed(
                    VPC,
                    one,
                    "NAT gateway hours",
                    HOURS,
                    prices.nat_gateway_hour.of(HOURS),
                );
            }
            "AWS::Logs::LogGroup" => self.log_group(one),
            "AWS::CloudWatch::Alarm" => {
                self.fixed(CLOUDWATCH, one, "alarms", 1.0, prices.alarm_month.of(1.0));
            }
            "AWS::CloudWatch::Dashboard" => {
                self.fixed(CLOUDWATCH, one, "dashboards", 1.0, prices.dashboard_month.of(1.0));
            }
            "AWS::SecretsManager::Secret" => {
                self.fixed(
                    "Secrets Manager",
                    one,
                    "secrets",
                    1.0,
                    prices.secret_month.of(1.0),
                );
            }
            "AWS::KMS::Key" => self.fixed("KMS", one, "keys", 1.0, prices.key_month.of(1.0)),
            kind if FREE.contains(&kind) => {}
            kind => self.unpriced.push((one.id.to_owned(), kind.to_owned())),
        }
    }

    fn api(&mut self, api: Resource<'_>) {
        let requests = count(&self.flow.requests, api);
        self.in_use(
            API,
            api,
            "requests",
            requests,
            self.prices.http_api_request.of(requests),
        );
        let lists = count(&self.flow.lists, api);
        let appointments = requests - lists + lists * self.usage.appointments_per_read;
        let kib = appointments * self.usage.appointment_kib + requests * HEADERS_KIB;
        let gb = kib / KIB_PER_GB;
        self.in_use(
            TRANSFER,
            api,
            "GB out to the Internet",
            gb,
            self.prices.transfer_out_gb.of(gb),
        );
    }

    fn function(&mut self, function: Resource<'_>) {
        let calls = count(&self.flow.invocations, function);
        self.in_use(
            LAMBDA,
            function,
            "calls",
            calls,
            self.prices.lambda_request.of(calls),
        );
        let consumes = self
            .wiring
            .mappings()
            .iter()
            .any(|mapping| mapping.function.id == function.id);
        let ms = if consumes {
            self.usage.batch_ms
        } else {
            self.usage.http_ms
        };
        let gb = function.number("MemorySize").unwrap_or(128.0) / 1024.0;
        let gb_seconds = calls * ms / 1000.0 * gb;
        let is_arm = function
            .list("Architectures")
            .first()
            .is_some_and(|first| *first == "arm64");
        let price = if is_arm {
            &self.prices.lambda_gb_second_arm64
        } else {
            &self.prices.lambda_gb_second_x86_64
        };
        self.in_use(LAMBDA, function, "GB-seconds", gb_seconds, price.of(gb_seconds));
    }

    fn queue(&mut self, queue: Resource<'_>) {
        let price = if queue.flag("FifoQueue") {
            &self.prices.sqs_fifo_request
        } else {
            &self.prices.sqs_request
        };
        let consumers = self
            .wiring
            .mappings()
            .iter()
            .filter(|mapping| mapping.queue.id == queue.id)
            .count() as f64;
        let sent = self.messages(queue);
        // A batch is received in one request and deleted in another.
        let batches = sent / self.usage.messages_per_batch.max(1.0) * consumers;
        let requests = sent + 2.0 * batches;
        self.in_use(SQS, queue, "requests", requests, price.of(requests));
        let polls = IDLE_POLLS * consumers;
        if polls > 0.0 {
            self.fixed(SQS, queue, "polls", polls, price.of(polls));
        }
    }

    fn endpoint(&mut self, endpoint: Resource<'_>) {
        if endpoint.text("VpcEndpointType") != Some("Interface") {
            return;
        }
        let hours = HOURS * self.usage.availability_zones;
        self.fixed(
            VPC,
            endpoint,
            "endpoint hours",
            hours,
            self.prices.endpoint_zone_hour.of(hours),
        );
        let calls = count(&self.flow.through_endpoints, endpoint);
        let gb = calls * (self.usage.appointment_kib + CALL_OVERHEAD_KIB) / KIB_PER_GB;
        self.in_use(
            VPC,
            endpoint,
            "GB through the endpoint",
            gb,
            self.prices.endpoint_gb.of(gb),
        );
    }

    fn messages(&self, one: Resource<'_>) -> f64 {
        count(&self.flow.messages, one) * self.chunks()
    }

    fn chunks(&self) -> f64 {
        (self.usage.appointment_kib / CHUNK_KIB).ceil().max(1.0)
    }

    fn fixed(&mut self, service: &'static str, one: Resource<'_>, what: &'static str, amount: f64, usd: f64) {
        self.lines.push(Line {
            service,
            logical_id: one.id.to_owned(),
            what,
            amount,
            usd,
            fixed: true,
        });
    }

    /// What nothing flows through is on no bill.
    fn in_use(
        &mut self,
        service: &'static str,
        one: Resource<'_>,
        what: &'static str,
        amount: f64,
        usd: f64,
    ) {
        if amount > 0.0 {
            self.lines.push(Line {
                service,
                logical_id: one.id.to_owned(),
                what,
                amount,
                usd,
                fixed: false,
            });
        }
    }
}

fn count(counts: &indexmap::IndexMap<String, f64>, one: Resource<'_>) -> f64 {
    counts.get(one.id).copied().unwrap_or_default()
}
