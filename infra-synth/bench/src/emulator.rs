//! An emulator of AWS under eight clients: one `SendMessage` a request, which is a small part of what a POST of ours does.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::client::Client;

const CLIENTS: usize = 8;
const REQUESTS: usize = 800;
const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn run(address: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure(address))
}

async fn measure(address: SocketAddr) -> Result<()> {
    let created = Client::connect(address)
        .await?
        .post_as(FORM, "/", "Action=CreateQueue&QueueName=bench")
        .await?;
    if created != 200 {
        bail!("the emulator answered {created} to CreateQueue");
    }
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(send(address))).collect();
    for client in clients {
        client.await??;
    }
    let rate = REQUESTS as f64 / started.elapsed().as_secs_f64();
    println!("MiniStack: SQS SendMessage alone, {CLIENTS} clients  {rate:>9.0} a second");
    Ok(())
}

async fn send(address: SocketAddr) -> Result<()> {
    let mut connection = Client::connect(address).await?;
    let body = "Action=SendMessage&QueueUrl=http%3A%2F%2Flocalhost%3A4566%2F000000000000%2Fbench&MessageBody=appointment";
    for _ in 0..REQUESTS / CLIENTS {
        let status = connection.post_as(FORM, "/", body).await?;
        if status != 200 {
            bail!("the emulator answered {status} to SendMessage");
        }
    }
    Ok(())
}
