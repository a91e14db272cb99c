//! Measures the functions' binaries as Lambda would run them: on a Runtime API of its own, with AWS answered at once
//! by a fake, over plain HTTP and over TLS, beside a function that does nothing and one in TypeScript that does the same.

mod fake_aws;
mod http;
mod measure;
mod report;
mod runtime_api;
mod subject;

use std::{
    env, fs,
    io::{Write, stdout},
    path::PathBuf,
};

use anyhow::{Context, Result};
use tokio::{runtime::Builder, task::LocalSet};

use measure::{Effort, measure};
use report::Row;
use subject::{Cloud, Programs, Subject, subjects};

fn main() -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, run())
}

/// `bench-functions PROGRAMS PEER [STARTS [CALLS]]`: the folder of the binaries and the bundled TypeScript.
async fn run() -> Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let programs = arguments
        .next()
        .context("expected the folder of the functions' binaries")?;
    let peer = arguments.next().context("expected the bundled TypeScript")?;
    let mut number = |default: usize| -> Result<usize> {
        let given = arguments.next();
        given.map_or(Ok(default), |text| Ok(text.to_string_lossy().parse()?))
    };
    let effort = Effort {
        starts: number(100)?,
        calls: number(2_000)?,
    };
    let folder = peer.parent().context("a peer in no folder")?.to_owned();
    fs::create_dir_all(&folder)?;

    let programs = Programs {
        built: programs,
        unpacked: folder.join("programs"),
    };
    let subjects = subjects(&programs, &peer, env::var("BENCH_DATABASE_URL").ok())?;
    let plain = Cloud {
        url: fake_aws::serve(None).await?,
        authority: None,
    };
    let authority = folder.join("authority.pem");
    let tls = Cloud {
        url: fake_aws::serve(Some(&authority)).await?,
        authority: Some(authority),
    };
    let over_plain = rows(&subjects, &plain, effort, &folder).await?;
    print("HTTP", &over_plain)?;
    let over_tls = rows(&subjects, &tls, effort, &folder).await?;
    print("TLS", &over_tls)?;
    Ok(stdout().write_all(report::targets(&over_plain, &over_tls).as_bytes())?)
}

async fn rows(
    subjects: &[Subject],
    cloud: &Cloud,
    effort: Effort,
    folder: &std::path::Path,
) -> Result<Vec<Row>> {
    let figures = measure(subjects, cloud, effort, folder).await?;
    let row = |(subject, figures): (&Subject, _)| {
        Ok(Row {
            name: subject.name,
            size: subject.size()?,
            figures,
        })
    };
    subjects.iter().zip(figures).map(row).collect()
}

fn print(transport: &str, rows: &[Row]) -> Result<()> {
    Ok(stdout().write_all(report::table(transport, rows).as_bytes())?)
}
