//! As much of HTTP/1.1 as the servers here need: a request in, an answer out, on connections that stay open.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

/// What can be read and written.
pub(crate) trait Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin {}
impl<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Stream for S {}

/// One side of a connection.
pub(crate) struct Connection<S>(BufReader<S>);

/// A request, as far as anyone here looks at it.
pub(crate) struct Request {
    pub(crate) path: String,
    /// `x-amz-target`, which names the call of a JSON service.
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
}

impl<S: Stream> Connection<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    /// The next request; none once the other side has closed.
    pub(crate) async fn request(&mut self) -> Result<Option<Request>> {
        let Some(start) = self.line().await? else {
            return Ok(None);
        };
        let path = start
            .split(' ')
            .nth(1)
            .context("a request without a path")?
            .to_owned();
        let (mut target, mut length, mut chunked) = (String::new(), 0, false);
        loop {
            let line = self.line().await?.context("a head that breaks off")?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            match (name.to_ascii_lowercase().as_str(), value.trim()) {
                ("content-length", value) => length = value.parse()?,
                ("transfer-encoding", value) => chunked = value.eq_ignore_ascii_case("chunked"),
                ("x-amz-target", value) => value.clone_into(&mut target),
                _ => {}
            }
        }
        let body = if chunked {
            self.chunks().await?
        } else {
            self.exactly(length).await?
        };
        Ok(Some(Request { path, target, body }))
    }

    pub(crate) async fn answer(&mut self, status: u16, headers: &str, body: &[u8]) -> Result<()> {
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        let mut message = head.into_bytes();
        message.extend_from_slice(body);
        self.0.write_all(&message).await?;
        Ok(self.0.flush().await?)
    }

    async fn line(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        if self.0.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        line.truncate(line.trim_end().len());
        Ok(Some(line))
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok(body)
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let size = self.line().await?.context("a chunk that breaks off")?;
            let size = usize::from_str_radix(&size, 16)?;
            body.extend(self.exactly(size).await?);
            if !self.line().await?.is_some_and(|end| end.is_empty()) {
                bail!("a chunk without an end");
            }
            if size == 0 {
                return Ok(body);
            }
        }
    }
}
