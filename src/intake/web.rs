//! Answers of web services: fetched now and then, kept within bounds, taken in like files.
//!
//! Nothing is fetched but from the address that a person named: a redirect is an error that names where
//! it leads. The key of a service stands in no error and in no record.

use std::io::Read as _;
use std::time::Duration;

use crate::domain::{Localized, LocalizedText, Text};

/// An answer of more bytes than this is none.
const MOST_BYTES: u64 = 32 << 20;
/// A request takes no longer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a service is asked at most, minutes.
pub const LEAST_INTERVAL_MIN: u32 = 5;
/// After errors the wait doubles up to this, minutes.
const MOST_WAIT_MIN: u32 = 360;
/// Characters of an answer that a person is shown.
const MOST_SHOWN: usize = 60;
const USER_AGENT: &str = concat!("shapan/", env!("CARGO_PKG_VERSION"));

/// How a service is reached.
#[derive(Clone, Default)]
pub struct Reach {
    pub proxy: Option<String>,
    /// For a whole request; 30 s where nothing is said.
    pub timeout: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    #[error("the address must begin with http:// or https://")]
    NoAddress,
    #[error("no answer: {}", .0.en)]
    Unreachable(Text),
    #[error("the service says {0}: {words}", words = status_words(*.0).1)]
    Refused(u16),
    #[error("the service leads to {0}: write that address, if it is right")]
    Elsewhere(String),
    #[error("the answer is larger than {} MB", MOST_BYTES >> 20)]
    TooMuch,
    #[error("the answer is a web page and no data: {0}")]
    WebPage(String),
    #[error("the answer is empty")]
    Empty,
}

impl Localized for WebError {
    fn zh(&self) -> String {
        match self {
            Self::NoAddress => "地址须以 http:// 或 https:// 开头".to_owned(),
            Self::Unreachable(why) => format!("没有应答：{}", why.zh),
            Self::Refused(status) => format!("服务答 {status}：{}", status_words(*status).0),
            Self::Elsewhere(to) => format!("服务转到 {to}：如无误请直接填写该地址"),
            Self::TooMuch => format!("应答超过 {} MB", MOST_BYTES >> 20),
            Self::WebPage(start) => format!("应答是网页而不是数据：{start}"),
            Self::Empty => "应答是空的".to_owned(),
        }
    }
}

const fn status_words(status: u16) -> (&'static str, &'static str) {
    match status {
        401 | 403 => ("没有密钥、密钥不对或无权使用", "no key, a wrong one, or no right to use it"),
        404 => ("没有这个地址", "there is no such address"),
        429 => ("请求过于频繁", "too many requests"),
        500..=599 => ("服务出错", "the service is broken"),
        _ => ("未给出数据", "no data"),
    }
}

const TOO_SLOW: Text = Text::new("等待超时，请稍后再试", "it takes too long, try again later");

/// Why nothing came, in words of our own: what the library says names its own parts.
fn unreachable(error: &ureq::Error) -> WebError {
    WebError::Unreachable(match error {
        ureq::Error::Timeout(_) => TOO_SLOW,
        ureq::Error::HostNotFound => Text::new(
            "找不到服务器，请核对地址和网络",
            "there is no such server: look at the address and the network",
        ),
        ureq::Error::ConnectionFailed => {
            Text::new("连接不上，请检查网络", "it cannot be reached: look at the network")
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Text::new("地址写法有误，请核对", "the address is not written rightly")
        }
        ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => {
            Text::new("代理不可用，请核对代理设置", "the proxy does not work: look at its settings")
        }
        ureq::Error::Io(error) => cut_off(error.kind()),
        _ => Text::new("应答不完整或不合规定", "the answer is cut off or makes no sense"),
    })
}

const fn cut_off(kind: std::io::ErrorKind) -> Text {
    use std::io::ErrorKind as Kind;
    match kind {
        Kind::TimedOut | Kind::WouldBlock => TOO_SLOW,
        Kind::ConnectionRefused => Text::new(
            "服务器未开或拒绝连接，请核对地址",
            "the server is not on or refuses us: look at the address",
        ),
        Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::AddrNotAvailable => {
            Text::new("网络不通，请检查网络", "the network does not lead there")
        }
        _ => Text::new("连接中断，请稍后再试", "the connection was cut: try again later"),
    }
}

/// Fetches an answer. `{key}` in the address and in the header stands for the key.
pub fn fetch(
    url: &str,
    header: Option<(&str, &str)>,
    key: &str,
    reach: &Reach,
) -> Result<Vec<u8>, WebError> {
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        return Err(WebError::NoAddress);
    }
    let proxy = reach.proxy.as_deref().and_then(|proxy| ureq::Proxy::new(proxy).ok());
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(reach.timeout.unwrap_or(TIMEOUT)))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(USER_AGENT)
        .proxy(proxy)
        .build()
        .new_agent();
    let mut request = agent.get(url.replace("{key}", key));
    if let Some((name, value)) = header {
        request = request.header(name, value.replace("{key}", key));
    }
    let hidden = |text: String| if key.is_empty() { text } else { text.replace(key, "***") };
    let mut response = request.call().map_err(|error| unreachable(&error))?;
    let status = response.status().as_u16();
    if (300..400).contains(&status) {
        let to = response.headers().get("location").and_then(|to| to.to_str().ok());
        return Err(WebError::Elsewhere(hidden(to.unwrap_or("?").to_owned())));
    }
    if status != 200 {
        return Err(WebError::Refused(status));
    }
    let mut bytes = Vec::new();
    let body = response.body_mut().as_reader();
    let read = body.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| WebError::Unreachable(cut_off(error.kind())))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(WebError::TooMuch);
    }
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(512)).unwrap_or_default());
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        return Err(WebError::Empty);
    }
    let lower = start.to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        let shown = start.split_whitespace().collect::<Vec<_>>().join(" ");
        return Err(WebError::WebPage(hidden(shown.chars().take(MOST_SHOWN).collect())));
    }
    Ok(bytes)
}

/// How long until a service is asked again, after so many errors in a row, minutes.
pub fn wait_min(interval_min: u32, errors: u32) -> u32 {
    let interval = interval_min.max(LEAST_INTERVAL_MIN);
    interval.saturating_mul(1 << errors.min(16)).min(MOST_WAIT_MIN.max(interval))
}

/// What a person reads of an answer, to see what it is: its first words.
pub fn glimpse(bytes: &[u8]) -> LocalizedText {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default());
    let words = start.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = words.chars().take(MOST_SHOWN).collect();
    let kib = bytes.len().div_ceil(1024);
    LocalizedText::new(format!("{kib} KB：{shown}"), format!("{kib} KB: {shown}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    /// Answers every request with what `answer` writes.
    fn server(answer: impl Fn(&mut TcpStream) + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::Builder::new()
            .spawn(move || {
                for stream in listener.incoming() {
                    let Ok(mut stream) = stream else { break };
                    let mut request = [0; 4096];
                    drop(stream.read(&mut request));
                    answer(&mut stream);
                }
            })
            .unwrap();
        url
    }

    fn respond(stream: &mut TcpStream, head: &str, body: &[u8]) {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)));
    }

    fn ask(url: &str, key: &str) -> Result<Vec<u8>, WebError> {
        let reach = Reach { proxy: None, timeout: Some(Duration::from_millis(800)) };
        fetch(url, None, key, &reach)
    }

    #[test]
    fn an_answer_comes_as_it_was_sent_and_a_refusal_with_its_number() {
        let good = server(|stream| respond(stream, "200 OK", b"[{\"a\":1}]"));
        assert_eq!(ask(&good, "").unwrap(), b"[{\"a\":1}]");
        let no = server(|stream| respond(stream, "403 Forbidden", b"no"));
        assert_eq!(ask(&no, ""), Err(WebError::Refused(403)));
        let empty = server(|stream| respond(stream, "200 OK", b" \n"));
        assert_eq!(ask(&empty, ""), Err(WebError::Empty));
        let page = server(|stream| respond(stream, "200 OK", b"<!DOCTYPE html><p>log in"));
        assert!(matches!(ask(&page, ""), Err(WebError::WebPage(_))));
        assert_eq!(ask("file:///etc/passwd", ""), Err(WebError::NoAddress));
    }

    #[test]
    fn a_redirect_is_not_followed_and_the_key_is_shown_to_nobody() {
        let away = server(|stream| {
            respond(stream, "302 Found\r\nLocation: http://10.0.0.1/?k=geheim", b"");
        });
        let error = ask(&format!("{away}/?k={{key}}"), "geheim").unwrap_err();
        assert_eq!(error, WebError::Elsewhere("http://10.0.0.1/?k=***".to_owned()));
        let nobody = ask("http://127.0.0.1:1/geheim", "geheim").unwrap_err();
        assert!(!format!("{nobody}{}", nobody.zh()).contains("geheim"), "{nobody}");
    }

    #[test]
    fn a_silent_server_and_one_without_end_are_given_up() {
        let silent = server(|_| std::thread::sleep(Duration::from_secs(3)));
        assert!(matches!(ask(&silent, ""), Err(WebError::Unreachable(_))));
        let cut = server(|stream| {
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n[1"));
        });
        assert!(matches!(ask(&cut, ""), Err(WebError::Unreachable(_))));
        let endless = server(|stream| {
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
            while stream.write_all(&[b'1'; 1 << 13]).is_ok() {}
        });
        assert!(matches!(ask(&endless, ""), Err(WebError::TooMuch | WebError::Unreachable(_))));
    }

    #[test]
    fn a_service_that_fails_is_asked_ever_more_seldom() {
        assert_eq!([0, 1, 2, 3].map(|errors| wait_min(10, errors)), [10, 20, 40, 80]);
        assert_eq!(wait_min(1, 0), LEAST_INTERVAL_MIN);
        assert_eq!(wait_min(30, 99), MOST_WAIT_MIN);
        assert_eq!(wait_min(1440, 5), 1440);
    }
}
