use schedule_core::ports::{CursorKey, CursorSecret, PortErrorKind};
use serde_json::json;

use crate::service::{Answer, Service, error, ok};

const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-";

fn value(text: &str) -> Answer {
    ok(&json!({"SecretString": text}))
}

#[tokio::test(start_paused = true)]
async fn the_secret_is_read_once_and_kept() {
    let service = Service::answering([value(SECRET)]);
    let secret = service.cursor_secret();
    let expected = CursorKey::new(SECRET.as_bytes()).expect("a key");
    for secret in [&secret, &secret.clone(), &secret] {
        assert_eq!(secret.cursor_key().await.expect("a key"), expected);
    }
    let [request] = &service.requests()[..] else {
        panic!("one call")
    };
    assert_eq!(
        *request,
        json!({"SecretId": "arn:aws:secretsmanager:us-east-1:123456789012:secret:cursors-AbCdEf"})
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept() {
    let denied = error(400, "AccessDeniedException", "no");
    let service = Service::answering([denied, value("too short"), ok(&json!({})), value(SECRET)]);
    let secret = service.cursor_secret();
    let mut kinds = Vec::new();
    for _ in 0..3 {
        let error = secret.cursor_key().await.expect_err("no secret yet");
        assert!(!format!("{error} {error:?}").contains("too short"), "{error}");
        kinds.push(error.kind());
    }
    assert_eq!(
        kinds,
        [
            PortErrorKind::Denied,
            PortErrorKind::Invalid,
            PortErrorKind::Invalid
        ]
    );
    secret.cursor_key().await.expect("a key at last");
}
