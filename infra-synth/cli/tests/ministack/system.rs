use serde_json::{Value, json};

use crate::{
    database::Database,
    server::{MiniStack, with_parameters},
};

/// The deployed system with its database.
struct System {
    aws: MiniStack,
    database: Database,
    api: String,
}

#[test]
#[ignore = "builds the functions for Lambda, which takes minutes: make e2e"]
fn the_deployed_system_does_its_work_and_loses_nothing() {
    let mut system = System::deploy();

    // Both countries, to the end.
    let peru = system.create("00123", "PE");
    let chile = system.create("00456", "CL");
    system.completes("00123", &peru);
    system.completes("00456", &chile);
    assert_eq!(system.database.rows("appointment_pe", &peru), 1);
    assert_eq!(system.database.rows("appointment_cl", &chile), 1);

    system.a_call_that_the_role_does_not_allow_is_denied();
    system.a_message_that_comes_twice_more_is_one_row("00123", &peru);
    system.what_cannot_be_processed_is_found_alone();
    system.a_database_that_is_away_for_a_while_loses_nothing();
    assert_eq!(system.database.rows("appointment_pe", &peru), 1);
    system.the_functions_tell_their_metrics_and_no_health_data();

    let aws = &system.aws;
    aws.infra_synth(&["deploy", "--yes"])
        .succeeded()
        .says(&["no changes"]);
    aws.write_stage(
        &aws.stage()
            .replace("http_memory_mib = 256", "http_memory_mib = 512"),
    );
    aws.infra_synth(&["deploy", "--yes"])
        .succeeded()
        .says(&["~ changes CreateAppointmentLambdaFunction", "is deployed"]);
    let changed = system.create("00123", "CL");
    system.completes("00123", &changed);
    aws.infra_synth(&["destroy", "--yes"])
        .succeeded()
        .says(&["retained: AppointmentTable", "is deleted"]);
}

impl System {
    /// From nothing but this repository and credentials.
    fn deploy() -> Self {
        let database = Database::start();
        let aws = MiniStack::start_with(&[("DB_URL", database.url())]);
        aws.infra_synth(&["bootstrap", "--yes"]).succeeded();
        aws.infra_synth(&["migrate", "--database-url", database.url()])
            .succeeded();
        aws.infra_synth(&with_parameters(&["deploy", "--yes"]))
            .succeeded();
        for queue in [
            "appointment-queue-pe",
            "appointment-queue-cl",
            "appointment-confirmation-queue",
        ] {
            aws.retry_soon(queue);
        }
        let api = api(&aws);
        Self { aws, database, api }
    }

    /// The role loses what it needs for one call, and then has it again.
    fn a_call_that_the_role_does_not_allow_is_denied(&self) {
        let status = self.aws.infra_synth(&["status", "--format", "json"]).json();
        let role = status["resources"]
            .as_array()
            .unwrap()
            .iter()
            .find(|resource| resource["logicalId"] == "CreateAppointmentRole")
            .unwrap()["physicalId"]
            .as_str()
            .unwrap()
            .to_owned();
        let policy = self.aws.role_policy(&role, "granted");
        let mut narrowed = policy.clone();
        narrowed["Statement"]
            .as_array_mut()
            .unwrap()
            .retain(|statement| !statement["Action"].to_string().contains("dynamodb:PutItem"));
        assert_ne!(narrowed, policy);

        self.aws.write_role_policy(&role, "granted", &narrowed);
        let (status, answer) = self.post("00321", "PE");
        assert!(status >= 500, "{status} {answer}");
        assert!(
            !answer.to_string().contains("arn:"),
            "nothing internal is told: {answer}"
        );
        self.aws.until("the log says that it was IAM that refused", || {
            self.logs("createAppointment").contains("AccessDenied")
        });
        self.aws.write_role_policy(&role, "granted", &policy);
        let allowed = self.create("00321", "PE");
        self.completes("00321", &allowed);
    }

    fn a_message_that_comes_twice_more_is_one_row(&self, insured_id: &str, id: &str) {
        let mut appointment = self.appointment(insured_id, id);
        appointment["status"] = json!("PENDING");
        appointment.as_object_mut().unwrap().remove("updatedAt");
        let message =
            json!({"event": "APPOINTMENT_CREATED", "timestamp": "2026-01-01T00:00:00Z", "data": appointment});
        for _ in 0..2 {
            self.aws
                .send_message("appointment-queue-pe", &message.to_string());
        }
        self.aws.until("the queue is empty", || {
            self.aws.messages_in("appointment-queue-pe") == 0
        });
        assert_eq!(self.database.rows("appointment_pe", id), 1);
        self.aws.until("the confirmations are taken", || {
            self.aws.messages_in("appointment-confirmation-queue") == 0
        });
        assert_eq!(self.appointment(insured_id, id)["status"], "COMPLETED");
    }

    fn what_cannot_be_processed_is_found_alone(&self) {
        self.aws.send_message("appointment-queue-pe", "no appointment");
        let beside = self.create("00789", "PE");
        self.completes("00789", &beside);
        self.aws.until("it is given up", || {
            self.aws.messages_in("appointment-queue-pe-dlq") == 1
        });
        assert_eq!(self.aws.message_in("appointment-queue-pe-dlq"), "no appointment");
    }

    fn a_database_that_is_away_for_a_while_loses_nothing(&mut self) {
        let before = self.returned_messages();
        self.database.stop();
        let late: Vec<String> = (0..3).map(|_| self.create("00999", "PE")).collect();
        self.aws
            .until("a try has failed", || self.returned_messages() > before);
        self.database.start_again();
        for appointment in &late {
            self.completes("00999", appointment);
            assert_eq!(self.database.rows("appointment_pe", appointment), 1);
        }
        // The one from before, and none of these.
        assert_eq!(self.aws.messages_in("appointment-queue-pe-dlq"), 1);
    }

    fn the_functions_tell_their_metrics_and_no_health_data(&self) {
        for (function, metric) in [
            ("createAppointment", r#""created":1"#),
            ("processAppointmentCL", r#""processed":1"#),
            ("processConfirmation", r#""confirmed":"#),
        ] {
            let logs = self.logs(function);
            assert!(logs.contains(metric), "{function}: {logs}");
            assert!(logs.contains(r#""Namespace":"MedicalSchedule""#), "{logs}");
            for insured_id in ["00123", "00456", "00789", "00999"] {
                assert!(!logs.contains(insured_id), "{function} logs `{insured_id}`");
            }
        }
    }

    /// How many batches a function has given back to the queue, wholly or in part, as its metric tells.
    fn returned_messages(&self) -> usize {
        self.logs("processAppointmentPE")
            .matches(r#""rejected":"#)
            .count()
    }

    fn logs(&self, function: &str) -> String {
        self.aws
            .infra_synth(&["logs", function, "--since", "1h"])
            .succeeded()
            .data
    }

    /// Posts an appointment and gives its id.
    fn create(&self, insured_id: &str, country: &str) -> String {
        let (status, answer) = self.post(insured_id, country);
        assert_eq!(status, 201, "{answer}");
        answer["appointment"]["appointmentId"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn post(&self, insured_id: &str, country: &str) -> (u16, Value) {
        let body = json!({
            "insuredId": insured_id,
            "countryISO": country,
            "dateSchedule": "2036-01-01T10:00:00-05:00",
        });
        self.aws.http(&self.api, "/appointments", Some(&body))
    }

    fn appointment(&self, insured_id: &str, id: &str) -> Value {
        let appointments = appointments(&self.aws, &self.api, insured_id);
        let found = appointments
            .iter()
            .find(|appointment| appointment["appointmentId"] == id);
        found.cloned().unwrap_or(Value::Null)
    }

    #[track_caller]
    fn completes(&self, insured_id: &str, id: &str) {
        self.aws.until("the appointment is completed", || {
            self.appointment(insured_id, id)["status"] == "COMPLETED"
        });
    }
}

/// The address of the deployed API.
pub(crate) fn api(aws: &MiniStack) -> String {
    let outputs = aws
        .infra_synth(&["outputs", "--format", "json"])
        .succeeded()
        .json();
    outputs["ApiUrl"].as_str().unwrap().to_owned()
}

/// What the deployed API says of an insured.
pub(crate) fn appointments(aws: &MiniStack, api: &str, insured_id: &str) -> Vec<Value> {
    let (status, answer) = aws.http(api, &format!("/appointments/{insured_id}"), None);
    assert_eq!(status, 200, "{answer}");
    answer.as_array().unwrap().clone()
}
