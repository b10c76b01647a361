//! Whether a listener for instruments would work here: tried out with a packet of our own.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::domain::{Localized as _, LocalizedText};
use crate::exchange::formats::hj212::framed;
use crate::intake::hj212::{Devices, Listener};
use crate::settings::feeds::Hj212Feed;

/// Longer nobody waits for an answer on his own machine.
const WITHIN: Duration = Duration::from_secs(3);
const MN: &str = "SHAPANTEST0000000000001";

/// Listens at the address of a feed, sends a packet there, and says whether it came to the disk and was
/// answered; nothing of it is taken in. Where a listener of ours runs there already (`running`), only
/// whether it can be reached.
pub fn test_hj212(
    feed: &Hj212Feed,
    running: Option<SocketAddr>,
) -> Result<LocalizedText, LocalizedText> {
    let address = super::address_of(feed)?;
    super::keys(&feed.keys)?;
    if running.is_some_and(|running| running.port() == address.port()) {
        let reached = TcpStream::connect_timeout(&reachable(address), WITHIN);
        return match reached {
            Ok(_) => Ok(LocalizedText::new(
                format!("正在监听 {address}，可以连接"),
                format!("listening on {address}, and it can be reached"),
            )),
            Err(error) => Err(refused(address, &error.localized())),
        };
    }
    let folder = tempfile::tempdir().map_err(|error| error.localized())?;
    let devices = Devices { knows: Box::new(|mn| mn == MN), keys: BTreeMap::new() };
    let listener = Listener::start(address, devices, folder.path())
        .map_err(|error| refused(address, &error.localized()))?;
    let answer = asked(reachable(listener.address()))
        .map_err(|error| refused(address, &error.localized()))?;
    if answer.contains("CN=9014") && listener.status().heard().kept == 1 {
        return Ok(LocalizedText::new(
            format!("可用：{address} 收到自检报文，已落盘并应答 9014；自检报文不入库"),
            format!(
                "works: a packet of our own at {address} was kept and answered with 9014; it is not taken in"
            ),
        ));
    }
    Err(LocalizedText::new(
        format!("{address} 收到自检报文，但没有应答"),
        format!("a packet of our own at {address} got no answer"),
    ))
}

/// An address for all of a machine is reached by its loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address {
        SocketAddr::V4(_) if address.ip().is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) if address.ip().is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        _ => address.ip(),
    };
    SocketAddr::new(ip, address.port())
}

fn asked(address: SocketAddr) -> std::io::Result<String> {
    let mut device = TcpStream::connect_timeout(&address, WITHIN)?;
    device.set_read_timeout(Some(WITHIN))?;
    let segment = format!(
        "QN=20260101000000001;ST=22;CN=2061;PW=;MN={MN};Flag=5;CP=&&DataTime=20260101000000;a34004-Avg=1,a34004-Flag=N&&"
    );
    device.write_all(&framed(segment.as_bytes()))?;
    let mut text = Vec::new();
    let mut chunk = [0; 512];
    while !text.ends_with(b"\r\n") {
        match device.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => text.extend_from_slice(&chunk[..read]),
            Err(error) if !text.is_empty() && error.kind() == std::io::ErrorKind::WouldBlock => {
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn refused(address: SocketAddr, why: &LocalizedText) -> LocalizedText {
    LocalizedText::new(format!("不能监听 {address}：{}", why.zh), format!("{address}: {}", why.en))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn feed(address: &str) -> Hj212Feed {
        Hj212Feed { address: address.to_owned(), ..Hj212Feed::default() }
    }

    #[test]
    fn an_address_that_is_free_is_tried_with_a_packet_and_others_say_why_not() {
        let words = test_hj212(&feed("127.0.0.1:0"), None).unwrap();
        assert!(words.zh.contains("应答 9014"), "{words:?}");
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let why = test_hj212(&feed(&address.to_string()), None).unwrap_err();
        assert!(why.zh.starts_with(&format!("不能监听 {address}")), "{why:?}");
        let running = test_hj212(&feed(&address.to_string()), Some(address)).unwrap();
        assert!(running.zh.contains("可以连接"), "{running:?}");
        assert!(test_hj212(&feed("9212"), None).unwrap_err().zh.contains("IP:端口"));
        let mut wrong = feed("127.0.0.1:0");
        wrong.keys.insert("MN1".to_owned(), "短".to_owned());
        assert!(test_hj212(&wrong, None).is_err());
    }
}
