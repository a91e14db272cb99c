//! The API's description, and a page where a request can be tried: beside the API, and only here.
//!
//! The page is Swagger UI, whose files are in the binary as they come: compressed, in an archive. They are sent as they
//! are there, since what an archive and what `Content-Encoding: gzip` compress is the same.

use std::io::{Cursor, Read};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use schedule_handlers::ON_EVERY_ANSWER;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::{CompressionMethod, ZipArchive};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Everything from here, nothing from elsewhere; Swagger UI sets styles and shows images of its own making.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The answer to a request for the description or a part of the page; `None` for every other one.
pub(super) fn answer(method: &Method, path: &str) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    match path {
        "/openapi.json" => Some(plain(schedule_openapi::DOCUMENT, "application/json")),
        "/docs" | "/docs/" => Some(plain(include_str!("docs/page.html"), HTML)),
        "/docs/page.js" => Some(plain(include_str!("docs/page.js"), SCRIPT)),
        "/docs/swagger-ui.css" => archived("swagger-ui.css", "text/css; charset=utf-8"),
        "/docs/swagger-ui-bundle.js" => archived("swagger-ui-bundle.js", SCRIPT),
        "/docs/favicon-32x32.png" => archived("favicon-32x32.png", "image/png"),
        _ => None,
    }
}

fn plain(text: &'static str, kind: &'static str) -> Response {
    response(Bytes::from_static(text.as_bytes()), kind)
}

fn archived(name: &str, kind: &'static str) -> Option<Response> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok()?;
    let suffix = format!("/dist/{name}");
    let index = archive
        .file_names()
        .position(|file| file.is_ok_and(|file| file.ends_with(&suffix)))?;
    let mut file = archive.by_index_raw(index).ok()?;
    let (method, checksum, length) = (file.compression(), file.crc32(), file.size());
    let mut content = Vec::new();
    file.read_to_end(&mut content).ok()?;
    if method == CompressionMethod::Stored {
        return Some(response(content.into(), kind));
    }
    let mut response = response(gzip(&content, checksum, length)?.into(), kind);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Some(response)
}

/// The format around compressed data (RFC 1952).
fn gzip(deflated: &[u8], checksum: u32, length: u64) -> Option<Vec<u8>> {
    const DEFLATE_WITHOUT_NAME_OR_TIME: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut content = DEFLATE_WITHOUT_NAME_OR_TIME.to_vec();
    content.extend(deflated);
    content.extend(checksum.to_le_bytes());
    content.extend(u32::try_from(length).ok()?.to_le_bytes());
    Some(content)
}

fn response(content: Bytes, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(content));
    let headers = response.headers_mut();
    headers.extend(ON_EVERY_ANSWER);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
