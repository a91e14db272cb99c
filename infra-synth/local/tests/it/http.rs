//! What API Gateway does around the functions.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::json;

use crate::support::{System, booking, changed, template};

#[test]
fn what_no_route_takes_is_not_found_where_there_is_no_default_route() {
    let system = System::start(&changed(|template| {
        let resources = template["Resources"].as_object_mut().unwrap();
        resources.remove("DefaultRoute").unwrap();
    }));
    for (method, path) in [
        ("GET", "/"),
        ("DELETE", "/appointments"),
        ("GET", "/appointments/1/2/3"),
    ] {
        let answer = system.send(method, path, &[], "");
        assert_eq!(
            (answer.status, &answer.body["title"]),
            (404, &json!("Ruta inexistente")),
            "{method} {path}"
        );
    }
}

#[test]
fn a_refused_body_names_every_fault_in_problem_json() {
    let system = System::start(&template());
    let answer = system.post(&json!({"insuredId": 5, "countryISO": "AR", "when": "now"}));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let pointers: Vec<_> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/insuredId", "/countryISO", "/dateSchedule", "/when"]);
}

#[test]
fn only_an_allowed_origin_may_read_the_answers() {
    let system = System::start(&changed(|template| {
        template["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]["AllowOrigins"] =
            json!(["https://insurer.example"]);
    }));
    let preflight = |origin: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        system.send("OPTIONS", "/appointments", &headers, "")
    };
    let allowed = preflight("https://insurer.example");
    assert_eq!(allowed.status, 204);
    assert_eq!(
        allowed.headers["access-control-allow-origin"],
        "https://insurer.example"
    );
    assert!(allowed.headers["access-control-allow-methods"].contains("POST"));
    assert!(
        !preflight("https://elsewhere.example")
            .headers
            .contains_key("access-control-allow-origin")
    );
    let answer = system.send(
        "GET",
        "/appointments/1",
        &[("origin", "https://insurer.example")],
        "",
    );
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "https://insurer.example"
    );
    let answer = system.send(
        "GET",
        "/appointments/1",
        &[("origin", "https://elsewhere.example")],
        "",
    );
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[test]
fn more_requests_than_the_stage_admits_are_throttled() {
    let system = System::start(&changed(|template| {
        let settings = &mut template["Resources"]["HttpApiStage"]["Properties"]["RouteSettings"];
        let settings = &mut settings["GET /appointments/{insuredId}"];
        settings["ThrottlingBurstLimit"] = json!(2);
        settings["ThrottlingRateLimit"] = json!(0);
    }));
    let statuses: Vec<u16> = (0..3).map(|_| system.get("1").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
}

#[test]
fn a_body_that_is_no_text_reaches_the_function_in_base64() {
    let system = System::start(&template());
    let body = booking("1", "PE").to_string();
    let answer = system.send(
        "POST",
        "/appointments",
        &[("content-type", "application/octet-stream")],
        &body,
    );
    assert_eq!(answer.status, 415);
}

#[test]
fn the_insured_in_the_path_is_decoded() {
    let system = System::start(&template());
    assert_eq!(system.post(&booking("A-1", "PE")).status, 201);
    assert_eq!(system.get("A%2D1").body.as_array().unwrap().len(), 1);
    assert_eq!(system.get("a%20b").status, 400);
}

#[test]
fn the_page_to_try_the_api_is_served_whole_from_here() {
    let system = System::start(&template());
    let document = system.send("GET", "/openapi.json", &[], "");
    assert_eq!(document.headers["content-type"], "application/json");
    assert_eq!(document.body["openapi"], "3.1.0");
    let page = system.send("GET", "/docs", &[], "");
    assert!(page.headers["content-security-policy"].contains("script-src 'self'"));
    let parts: Vec<&str> = page
        .text
        .split('"')
        .filter(|text| text.starts_with("/docs/"))
        .collect();
    assert_eq!(parts.len(), 4, "{}", page.text);
    assert!(!page.text.contains("://"), "{}", page.text);
    for part in parts {
        let url = format!("{}{part}", system.url());
        // Whoever asks for it unpacks it: a wrong checksum or length would be an error.
        let mut response = ureq::get(url).call().unwrap();
        let content = response.body_mut().read_to_vec().unwrap();
        assert!(content.len() > 200, "{part}");
        assert_ne!(content[0], 0x1f, "{part} is not unpacked");
    }
    assert_eq!(system.send("POST", "/docs", &[], "").status, 404);
    assert_eq!(system.send("GET", "/docs/nothing", &[], "").status, 404);
}

#[test]
fn a_body_that_breaks_off_or_is_malformed_is_no_body_that_is_too_large() {
    let system = System::start(&template());
    let address = system.url().trim_start_matches("http://").to_owned();
    for body in [
        "transfer-encoding: chunked\r\n\r\nzz\r\n",
        "content-length: 80\r\n\r\n{\"insuredId\":",
    ] {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = "POST /appointments HTTP/1.1\r\nhost: local\r\ncontent-type: application/json\r\n";
        write!(stream, "{head}{body}").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(
            answer.contains("urn:medical-schedule:problem:body-broken"),
            "{answer}"
        );
    }
}
