//! The rules, one module a concern.

use super::rule::{Rule, Severity};

mod access;
mod api;
mod database;
mod dead_letters;
mod delivery;
mod encryption;
mod messages;
mod metrics;
mod network;
mod observability;
mod recovery;
mod runtime;
mod secrets;
mod template;
mod transport;

/// In the order in which reports list them: what loses or leaks data first.
pub(super) static ALL: [&Rule; 38] = [
    &template::TEMPLATE_RESOLVED,
    &secrets::NO_PLAINTEXT_SECRET,
    &access::NO_PUBLIC_PRINCIPAL,
    &access::SERVICE_BOUND,
    &access::NO_WILDCARD_ACTION,
    &access::NO_WILDCARD_RESOURCE,
    &access::NO_FULL_ACCESS_POLICY,
    &access::ONE_ROLE_A_FUNCTION,
    &api::AUTHORIZED_ROUTES,
    &api::TOKENS_FOR_US,
    &api::CORS_NOT_OPEN,
    &api::API_THROTTLED,
    &api::ACCESS_LOG_TELLS_NOBODY,
    &encryption::TABLE_ENCRYPTED,
    &encryption::QUEUE_ENCRYPTED,
    &encryption::TOPIC_ENCRYPTED,
    &transport::QUEUE_TLS_ONLY,
    &transport::TOPIC_TLS_ONLY,
    &recovery::TABLE_RECOVERABLE,
    &recovery::TABLE_KEPT,
    &delivery::QUEUE_ADMITS_FEEDER,
    &delivery::QUEUE_KEY_USABLE,
    &messages::FILTER_MATCHES_PUBLISHED,
    &messages::MESSAGE_HAS_ONE_SUBSCRIBER,
    &messages::PATTERN_MATCHES_EMITTED,
    &messages::EVENT_HAS_RULE,
    &dead_letters::QUEUE_DEAD_LETTERS,
    &dead_letters::DELIVERY_DEAD_LETTERS,
    &dead_letters::DEAD_LETTER_RETENTION,
    &dead_letters::DEAD_LETTERS_ADMITTED,
    &dead_letters::VISIBILITY_COVERS_TIMEOUT,
    &dead_letters::PARTIAL_FAILURES,
    &network::VPC_CALLS_REACH,
    &database::CONNECTIONS_FIT,
    &runtime::RUNTIME_ALIVE,
    &observability::LOG_RETENTION,
    &observability::TRACING,
    &observability::ALARM_WATCHES,
];

/// Not in the list, because it looks at exceptions and at no template.
pub(super) static EXCEPTION_NEEDED: Rule = Rule {
    id: "exception-needed",
    severity: Severity::Error,
    title: "Every exception is needed by a finding",
    why: "An exception that nothing needs hides the next fault of its kind",
    mend: "Remove the `except` at this line, or put right the rule or resource that it names",
    also_known_as: &[],
    look: |_, _, _| {},
};
