//! Lambda's Runtime API
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): it hands out one event at a time and notes when
//! what happened.

use std::{rc::Rc, time::Instant};

use anyhow::{Context, Result, bail};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Mutex, mpsc},
    task::spawn_local,
};

use crate::http::Connection;

/// What a function did.
pub(crate) enum Note {
    /// It asked for an event.
    Polled(Instant),
    /// It answered one.
    Answered(Instant, Vec<u8>),
    /// It reported an error.
    Failed(String),
}

/// The harness's end.
pub(crate) struct RuntimeApi {
    pub(crate) address: String,
    events: mpsc::UnboundedSender<Vec<u8>>,
    notes: mpsc::UnboundedReceiver<Note>,
}

struct Shared {
    events: Mutex<mpsc::UnboundedReceiver<Vec<u8>>>,
    notes: mpsc::UnboundedSender<Note>,
}

impl RuntimeApi {
    pub(crate) async fn serve() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (events, to_give) = mpsc::unbounded_channel();
        let (to_note, notes) = mpsc::unbounded_channel();
        let shared = Rc::new(Shared {
            events: Mutex::new(to_give),
            notes: to_note,
        });
        spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Rc::clone(&shared);
                spawn_local(async move {
                    // The function was ended: nobody is left to tell.
                    let _ = shared.connection(stream).await;
                });
            }
        });
        Ok(Self {
            address,
            events,
            notes,
        })
    }

    /// When the function asks for an event.
    pub(crate) async fn polled(&mut self) -> Result<Instant> {
        match self.note().await? {
            Note::Polled(at) => Ok(at),
            Note::Answered(..) => bail!("an answer to no event"),
            Note::Failed(error) => bail!("the function failed: {error}"),
        }
    }

    /// Hands out an event and takes the answer; also when each was.
    pub(crate) async fn call(&mut self, event: &[u8]) -> Result<(Instant, Instant, Vec<u8>)> {
        let sent = Instant::now();
        self.events.send(event.to_vec())?;
        match self.note().await? {
            Note::Answered(at, body) => Ok((sent, at, body)),
            Note::Polled(_) => bail!("it asked for an event before it answered one"),
            Note::Failed(error) => bail!("the function failed: {error}"),
        }
    }

    async fn note(&mut self) -> Result<Note> {
        self.notes.recv().await.context("the Runtime API ended")
    }
}

impl Shared {
    async fn connection(&self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut connection = Connection::new(stream);
        while let Some(request) = connection.request().await? {
            let at = Instant::now();
            if request.path.ends_with("/next") {
                self.notes.send(Note::Polled(at))?;
                let event = self.events.lock().await.recv().await.context("no more events")?;
                let headers = "content-type: application/json\r\n\
                    lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                    lambda-runtime-deadline-ms: 4102444800000\r\n\
                    lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:f\r\n";
                connection.answer(200, headers, &event).await?;
            } else if request.path.ends_with("/response") {
                self.notes.send(Note::Answered(at, request.body))?;
                connection.answer(202, "", b"").await?;
            } else {
                let error = String::from_utf8_lossy(&request.body).into_owned();
                self.notes.send(Note::Failed(error))?;
                connection.answer(202, "", b"").await?;
            }
        }
        Ok(())
    }
}
