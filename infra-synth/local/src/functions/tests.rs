//! `republishPending` on the project's own template and on its own schedule, in virtual time.

use std::{path::Path, sync::Arc, time::Duration};

use infra_synth_cfn::Template;
use jiff::Timestamp;
use schedule_core::{
    AnnounceShard, AppointmentItem, Moment,
    ports::{AnnouncementOutbox, Reschedule},
};
use schedule_stacks::{CODE_PARAMETERS, StageSettings, appointment_stack, stand_in_parameters};
use serde_json::{Value, json};

use super::Code;
use crate::{
    DataLocation, DatabaseServer, Options, Running, access::Access, adapters::LocalAppointmentTable,
    model::Model, parameters, start,
};

fn template() -> Value {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    let template = appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap();
    template.to_value()
}

/// The same without the permission of `createAppointment` to publish.
fn template_that_publishes_nothing() -> Value {
    let mut template = template();
    let role = "/Resources/CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement";
    let statements = template.pointer_mut(role).unwrap().as_array_mut().unwrap();
    let before = statements.len();
    statements.retain(|statement| {
        !statement["Action"]
            .as_array()
            .unwrap()
            .contains(&json!("sns:Publish"))
    });
    assert_eq!(statements.len(), before - 1);
    template
}

struct System {
    running: Running,
    /// The table as `republishPending` may use it.
    table: LocalAppointmentTable,
}

async fn system(template: Value, folder: &Path) -> System {
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    let options = Options {
        data: DataLocation::Folder(folder.to_owned()),
        ..Options::in_memory(parameters, database)
    };
    let template = Template::from_value(template);
    let parameters = parameters::complete(&template.to_value(), &options.parameters);
    let model = Model::read(&template, &parameters, &options.environment).unwrap();
    let function = model
        .functions
        .iter()
        .find(|function| function.code == "republish-pending");
    let caller = Access::caller(&model, function.unwrap());
    let running = start(&template, options).await.unwrap();
    let table = LocalAppointmentTable {
        cloud: Arc::clone(&running.cloud),
        caller,
        table: "appointments".to_owned(),
    };
    System { running, table }
}

impl System {
    /// Sends a request and gives its status and answer.
    async fn http(&self, method: &'static str, path: &str, body: String) -> (u16, Value) {
        let url = format!("http://{}{path}", self.running.address());
        let send = move || {
            let agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .build()
                .new_agent();
            let request = ureq::http::Request::builder()
                .method(method)
                .uri(url)
                .header("content-type", "application/json");
            let mut answer = agent.run(request.body(body).unwrap()).unwrap();
            let text = answer.body_mut().read_to_string().unwrap();
            (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
        };
        // Virtual time stands still meanwhile.
        tokio::task::spawn_blocking(send).await.unwrap()
    }

    async fn create(&self) -> (u16, Value) {
        let body = json!({"insuredId": "1", "countryISO": "PE", "dateSchedule": "2099-05-20T15:30:00Z"});
        self.http("POST", "/appointments", body.to_string()).await
    }

    async fn status(&self) -> Value {
        let (_, appointments) = self.http("GET", "/appointments/1", String::new()).await;
        assert_eq!(appointments.as_array().unwrap().len(), 1);
        appointments[0]["status"].clone()
    }

    /// What has to be announced, whenever that is due.
    async fn waiting(&self) -> Vec<AppointmentItem> {
        let mut waiting = Vec::new();
        for shard in AnnounceShard::ALL {
            let due = self.table.get_due_announcements(shard, Timestamp::MAX, 10);
            waiting.extend(due.await.unwrap().items);
        }
        waiting
    }

    /// Makes what waits due: the functions read the machine's clock, which no test can set.
    async fn let_it_be_due(&self) {
        for item in self.waiting().await {
            let seen = item.announcement.unwrap();
            let mut due = seen.clone();
            due.after = Moment::new(Timestamp::now());
            let id = item.appointment.appointment_id;
            let changed = self.table.reschedule_announcement(&id, &seen, &due).await;
            assert_eq!(changed.unwrap(), Reschedule::Rescheduled);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_announced_is_announced_later_and_completes() {
    let folder = std::env::temp_dir().join(format!("announced-later-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);

    let refused = system(template_that_publishes_nothing(), &folder).await;
    assert_eq!(refused.create().await.0, 201);
    assert_eq!(refused.status().await, "PENDING");
    assert_eq!(refused.waiting().await.len(), 1);
    refused.running.stop().await.unwrap();
    drop(refused.table);

    let system = system(template(), &folder).await;
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert_eq!(system.status().await, "PENDING", "it is not due yet");
    system.let_it_be_due().await;
    let mut seconds = 0;
    while system.status().await != "COMPLETED" {
        seconds += 1;
        assert!(seconds <= 600, "it was not announced");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(system.waiting().await.is_empty());
    assert_eq!(system.running.rows("appointment_pe").unwrap().len(), 1);
    system.running.stop().await.unwrap();
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn what_runs_here_is_the_code_that_the_stack_has_parameters_for() {
    assert_eq!(
        Code::ALL.map(Code::name),
        CODE_PARAMETERS.map(|(_, binary)| binary)
    );
}
