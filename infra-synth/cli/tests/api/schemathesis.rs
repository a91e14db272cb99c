use crate::contract;
use crate::system::System;

#[test]
fn schemathesis_finds_no_answer_that_the_document_does_not_describe() {
    let system = System::start("schemathesis");
    let authorization = format!("Authorization: Bearer {}", system.token());
    let requests = contract::hold(system.url(), &[authorization], 1000);
    assert!(requests > 3000, "only {requests} requests");
}
