//! An AWS that gives the answers it is told to: those that no emulator comes to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use crate::process::infra_synth;

/// A call of the query protocol, or the method and path of one to S3.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) action: String,
    parameters: Vec<(String, String)>,
}

impl Call {
    /// The value of a parameter, such as `ResourcesToSkip.member.1`.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(found, _)| found == name)?;
        Some(&found.1)
    }
}

/// What a call is answered with.
pub(crate) enum Answer {
    /// The result's elements.
    Result(String),
    /// AWS's code and message.
    Refusal(&'static str, String),
}

/// Answers on a port of its own, each call by those that came before it.
pub(crate) struct RecordedAws {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl RecordedAws {
    /// Whatever is about an identity or an object is answered here; the rest by `answer`, which sees all calls so far.
    pub(crate) fn start(answer: impl Fn(&Call, &[Call]) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&calls);
        // Ends with the process: a call that is not awaited any more hurts nobody.
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(&stream.unwrap(), &kept, &answer);
            }
        });
        Self { address, calls }
    }

    /// A command that goes to this AWS, and has no other credentials and settings than those given here.
    pub(crate) fn infra_synth(&self, arguments: &[&str]) -> Command {
        let mut command = infra_synth(arguments);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        command
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.address))
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "TEST")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        command
    }

    /// The calls of an action, in their order.
    pub(crate) fn calls(&self, action: &str) -> Vec<Call> {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.action == action)
            .cloned()
            .collect()
    }
}

fn serve(mut stream: &TcpStream, calls: &Mutex<Vec<Call>>, answer: &impl Fn(&Call, &[Call]) -> Answer) {
    let call = read(stream);
    let mut calls = calls.lock().unwrap();
    calls.push(call.clone());
    let (status, body) = match call.action.as_str() {
        "GetCallerIdentity" => (
            "200 OK",
            result(
                "GetCallerIdentity",
                "<Arn>arn:aws:iam::000000000000:user/test</Arn><UserId>U</UserId><Account>000000000000</Account>",
            ),
        ),
        action if action.starts_with("HEAD ") || action.starts_with("PUT ") => ("200 OK", String::new()),
        action => match answer(&call, &calls) {
            Answer::Result(elements) => ("200 OK", result(action, &elements)),
            Answer::Refusal(code, message) => (
                "400 Bad Request",
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
                ),
            ),
        },
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

fn result(action: &str, elements: &str) -> String {
    format!("<{action}Response><{action}Result>{elements}</{action}Result></{action}Response>")
}

fn read(stream: &TcpStream) -> Call {
    let mut reader = BufReader::new(stream);
    let head: Vec<String> = reader
        .by_ref()
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let length = head
        .iter()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length:")?
                .trim()
                .parse()
                .ok()
        })
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let action = parameters.iter().find(|(name, _)| name == "Action");
    Call {
        action: match action {
            Some((_, action)) => action.clone(),
            None => head[0].clone(),
        },
        parameters,
    }
}
