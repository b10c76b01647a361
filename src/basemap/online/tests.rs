//! Against a server on this machine that misbehaves in every way that real ones do.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize};

use super::*;
use crate::basemap::Datum;
use crate::text::Localized as _;

const TILE: TileId = TileId { z: 3, x: 1, y: 2 };
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest of a picture";

struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

/// Answers every request with what `answer` writes.
fn server(answer: impl Fn(&mut TcpStream, &str) + Send + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::Builder::new()
        .spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap_or(0);
                count.fetch_add(1, Ordering::SeqCst);
                answer(&mut stream, &String::from_utf8_lossy(&request[..length]));
            }
        })
        .unwrap();
    Server { url, asked }
}

fn respond(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let head =
        format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)));
}

fn reach(cache: Option<Arc<TileCache>>, now: i64) -> RequestOptions {
    RequestOptions {
        timeout: Duration::from_millis(400),
        proxy: None,
        cache,
        now: Arc::new(move || now),
    }
}

fn online(url: &str) -> Online {
    online_with(url, None, 1000)
}

fn online_with(url: &str, cache: Option<Arc<TileCache>>, now: i64) -> Online {
    let provider = Provider::custom("测试", &format!("{url}/{{z}}/{{x}}/{{y}}"), false, "© test");
    Online::new(provider, "", reach(cache, now))
}

#[test]
fn a_good_tile_arrives_as_it_was_sent() {
    let server = server(|stream, request| {
        assert!(request.starts_with("GET /3/1/2 "));
        assert!(request.to_lowercase().contains("user-agent: shapan/"));
        respond(stream, "200 OK", PNG);
    });
    assert_eq!(online(&server.url).tile(TILE).unwrap().as_deref(), Some(PNG));
}

#[test]
fn a_refusal_is_told_with_its_number_and_not_asked_again_at_once() {
    for (head, status) in [
        ("401 Unauthorized", 401),
        ("403 Forbidden", 403),
        ("429 Too Many Requests\r\nRetry-After: 30", 429),
    ] {
        let server = server(move |stream, _| respond(stream, head, b""));
        let online = online(&server.url);
        assert!(matches!(online.tile(TILE), Err(Error::Refused(_, told, _)) if told == status));
        assert!(matches!(online.tile(TileId { x: 5, ..TILE }), Err(Error::Unreachable(..))));
        assert_eq!(server.asked.load(Ordering::SeqCst), 1, "{head}");
    }
}

#[test]
fn a_broken_server_is_an_error_and_a_missing_tile_is_none() {
    let broken = server(|stream, _| respond(stream, "500 Oops", b"stack trace"));
    assert!(matches!(online(&broken.url).tile(TILE), Err(Error::Refused(_, 500, _))));
    for head in ["404 Not Found", "204 No Content"] {
        let empty = server(move |stream, _| respond(stream, head, b""));
        assert!(matches!(online(&empty.url).tile(TILE), Ok(None)), "{head}");
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let silent = server(|_, _| std::thread::sleep(Duration::from_secs(3)));
    let began = std::time::Instant::now();
    assert!(matches!(online(&silent.url).tile(TILE), Err(Error::Unreachable(..))));
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_web_page_in_place_of_a_picture_is_no_tile() {
    let portal =
        server(|stream, _| respond(stream, "200 OK", b"\n<!doctype html><p>please log in"));
    assert!(matches!(
        online(&portal.url).tile(TILE),
        Err(Error::NoPicture(_, NotPicture::WebPage))
    ));
}

#[test]
fn an_error_document_in_place_of_a_picture_is_told_with_its_first_words() {
    let long = format!("{{\"msg\": \"{}\"}}", "密钥无效".repeat(40));
    for (body, told) in [
        (
            "{\"code\": 301012,\n \"msg\": \"权限类型错误\"}".to_owned(),
            "{\"code\": 301012, \"msg\": \"权限类型错误\"}",
        ),
        (
            "\u{feff}<?xml version=\"1.0\"?><ServiceException>no</ServiceException>".to_owned(),
            "<?xml version=\"1.0\"?><ServiceException>no</ServiceException>",
        ),
        ("Invalid key".to_owned(), "Invalid key"),
        (long.clone(), long.get(..9 + 51 * 3).unwrap()),
    ] {
        let server = server(move |stream, _| respond(stream, "200 OK", body.as_bytes()));
        let Err(Error::NoPicture(_, NotPicture::Text(text))) = online(&server.url).tile(TILE)
        else {
            panic!("{told}")
        };
        assert_eq!(text, told);
        assert!(text.chars().count() <= 60);
    }
    let noise = server(|stream, _| respond(stream, "200 OK", b"\x00\x01\xff\xfe\x80abc"));
    assert!(matches!(online(&noise.url).tile(TILE), Err(Error::NoPicture(_, NotPicture::Other))));
}

#[test]
fn a_server_says_when_to_come_back_as_seconds_or_as_a_date() {
    // Second 1000 of 1970 is 00:16:40.
    for (head, until_s) in [
        ("429 Too Many Requests\r\nRetry-After: 30", 1030),
        ("429 Too Many Requests\r\nRetry-After: Thu, 01 Jan 1970 00:18:20 GMT", 1100),
        ("503 Service Unavailable\r\nRetry-After: Thu, 01 Jan 1970 00:17:40 GMT", 1060),
        ("403 Forbidden\r\nRetry-After: soon", 1060),
        ("403 Forbidden\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT", 1001),
        ("503 Service Unavailable", 0),
    ] {
        let server = server(move |stream, _| respond(stream, head, b""));
        let online = online(&server.url);
        assert!(matches!(online.tile(TILE), Err(Error::Refused(..))));
        assert_eq!(online.quiet_until_s.load(Ordering::Relaxed), until_s, "{head}");
    }
}

#[test]
fn labels_lie_on_a_base_map_of_their_own_datum_only() {
    let provider = |name: &str, is_gcj02| {
        let provider = Provider::custom(name, "http://127.0.0.1:9/{z}/{x}/{y}", is_gcj02, name);
        Online::new(provider, "", reach(None, 0))
    };
    let both = provider("底图", false).with_labels(provider("注记", false)).unwrap();
    assert_eq!(both.about().credit(), "底图 注记");
    assert_eq!(both.overlay().unwrap().about().name, "注记");
    let mixed = provider("底图", false).with_labels(provider("高德注记", true));
    let Err(error) = mixed else { panic!("two datums in one view") };
    let said = error.localized();
    for words in [&said.zh, &said.en] {
        assert!(words.contains("GCJ-02") && words.contains("WGS-84"), "{words}");
    }
    assert!(said.zh.contains("“高德注记”的坐标基准是 GCJ-02"), "{}", said.zh);
}

#[test]
fn a_body_that_ends_too_early_is_an_error() {
    let cut = server(|stream, _| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\x89PNG\r\n\x1a\n"));
    });
    assert!(matches!(online(&cut.url).tile(TILE), Err(Error::Unreachable(..))));
}

#[test]
fn a_body_without_end_is_cut_off() {
    let endless = server(|stream, _| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n\x89PNG\r\n\x1a\n"));
        while stream.write_all(&[0; 8192]).is_ok() {}
    });
    let told = online(&endless.url).tile(TILE);
    assert!(matches!(told, Err(Error::NoPicture(..) | Error::Unreachable(..))));
}

#[test]
fn redirects_in_a_circle_end() {
    let circle = server(|stream, request| {
        let host = request
            .lines()
            .find_map(|line| line.strip_prefix("Host: ").or(line.strip_prefix("host: ")));
        let head =
            format!("302 Found\r\nLocation: http://{}/again", host.unwrap_or_default().trim());
        respond(stream, &head, b"");
    });
    assert!(online(&circle.url).tile(TILE).is_err());
    assert!(circle.asked.load(Ordering::SeqCst) <= 7);
}

#[test]
fn a_tile_that_was_seen_is_there_without_a_network_and_is_asked_for_again_with_its_etag() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Arc::new(TileCache::open(&folder.path().join("t.mbtiles"), 1 << 20).unwrap());
    let is_gone = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&is_gone);
    let server = server(move |stream, request| {
        if gone.load(Ordering::SeqCst) {
            return;
        }
        if request.to_lowercase().contains("if-none-match: \"one\"") {
            respond(stream, "304 Not Modified\r\nCache-Control: max-age=50", b"");
        } else {
            respond(stream, "200 OK\r\nETag: \"one\"\r\nCache-Control: max-age=10", PNG);
        }
    });
    let at = |now: i64| online_with(&server.url, Some(Arc::clone(&cache)), now);
    assert!(at(1000).tile(TILE).unwrap().is_some());
    assert!(at(1005).tile(TILE).unwrap().is_some());
    assert_eq!(server.asked.load(Ordering::SeqCst), 1, "fresh for ten seconds");
    assert_eq!(at(1020).tile(TILE).unwrap().as_deref(), Some(PNG));
    assert_eq!(server.asked.load(Ordering::SeqCst), 2);
    assert!(at(1060).tile(TILE).unwrap().is_some());
    assert_eq!(server.asked.load(Ordering::SeqCst), 2, "fresh again");

    is_gone.store(true, Ordering::SeqCst);
    assert_eq!(at(9999).tile(TILE).unwrap().as_deref(), Some(PNG), "stale is better than nothing");
    let moved = online_with("http://127.0.0.1:9", Some(Arc::clone(&cache)), 1005);
    assert!(moved.tile(TILE).is_err(), "another address of the same name has other tiles");
}

#[test]
fn every_known_provider_has_a_template_that_fills_and_words_for_its_terms() {
    let labels = crate::basemap::providers::labels();
    for provider in crate::basemap::providers::all().into_iter().chain(labels.clone()) {
        let url = Online::new(provider.clone(), "KEY", reach(None, 0)).url(TILE);
        assert!(!url.contains('{') && url.starts_with("https://"), "{url}");
        assert_eq!(url.contains("KEY"), provider.needs_key, "{url}");
        assert!(!provider.terms.zh.is_empty() && !provider.attribution.is_empty());
        let is_shifted = provider.id.starts_with("amap");
        assert_eq!(provider.datum == Datum::Gcj02, is_shifted, "{}", provider.id);
        let over = provider.overlay.as_deref();
        let over = over.map(|id| labels.iter().find(|labels| labels.id == id).unwrap());
        assert!(over.is_none_or(|over| over.datum == provider.datum), "{}", provider.id);
    }
}
