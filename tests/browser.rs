//! The HTML paper in a browser without a display: its tables, its search, and that it asks nobody.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::briefs::with_meeting;
use crate::support::{done, file, folder, without_tool};

/// What the browser made of a page, and which addresses the page asked for.
struct Seen {
    dom: String,
    asked: Vec<String>,
}

/// `None` where there is no Chromium.
fn browse(at: &Path, page: &str) -> Option<Seen> {
    let log = at.join(format!("{page}.log"));
    let output = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-sync", "--virtual-time-budget=2000"])
        .arg(format!("--user-data-dir={}", at.join("browser").display()))
        .arg(format!("--log-net-log={}", log.display()))
        .args(["--dump-dom", &format!("file://{}", at.join(page).display())])
        .output();
    let Ok(output) = output else {
        without_tool("chromium is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log: Json = serde_json::from_slice(&std::fs::read(log).unwrap()).unwrap();
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    let events = log["events"].as_array().unwrap().iter();
    // What the browser asks of its maker on its own account has no origin.
    let of_page = events.filter(|event| {
        let initiator = event["params"]["initiator"].as_str();
        event["type"] == *start && initiator.is_some_and(|of| of != "not an origin")
    });
    let asked = of_page.filter_map(|event| event["params"]["url"].as_str().map(str::to_owned));
    let asked = asked.filter(|url| !url.starts_with("file:") && !url.starts_with("data:"));
    let dom = String::from_utf8(output.stdout).unwrap();
    Some(Seen { dom, asked: asked.collect() })
}

/// Rows of tables' bodies, and whether each is hidden.
fn rows(dom: &str) -> Vec<(bool, &str)> {
    let bodies = dom.split("<tbody>").skip(1).filter_map(|body| body.split("</tbody>").next());
    let rows = bodies.flat_map(|body| body.split("<tr").skip(1));
    rows.map(|row| (row.starts_with(" hidden"), row)).collect()
}

#[test]
fn the_page_for_those_absent_refers_to_nothing_outside_itself() {
    let folder = folder();
    let at = folder.path();
    with_meeting(at);
    done(at, &["brief", "a.gpkg", "m.html", "--meeting", "M2"]);
    let page = std::fs::read_to_string(at.join("m.html")).unwrap();
    for outside in ["http:", "https:", "//cdn", "url(", "@import", "<link", "<iframe", "fetch("] {
        assert!(!page.contains(outside), "{outside}");
    }
    for (attribute, inside) in [("src=\"", "data:image/png;base64,"), ("href=\"", "#list")] {
        let mut values = page.split(attribute).skip(1);
        assert!(values.clone().count() > 2 && values.all(|value| value.starts_with(inside)));
    }
}

#[test]
fn a_browser_shows_the_tables_finds_and_sorts_in_them_and_asks_nobody() {
    let folder = folder();
    let at = folder.path();
    with_meeting(at);
    done(at, &["brief", "a.gpkg", "m.html", "--meeting", "M2"]);
    let page = std::fs::read_to_string(at.join("m.html")).unwrap();
    // Typed and pressed as a person would.
    let hand = "<script>search.value = '工地 浭水花园';\
        search.dispatchEvent(new Event('input'));\
        const rate = [...document.querySelectorAll('th')].find((th) => th.textContent === '在册');\
        rate.click(); rate.click();\
        document.body.dataset.drawn =\
            [...document.images].every((image) => image.complete && image.naturalWidth > 1000);\
        </script></body>";
    file(at, "t.html", page.replace("</body>", hand));
    let Some(seen) = browse(at, "t.html") else { return };
    assert!(seen.asked.is_empty(), "{:?}", seen.asked);
    assert!(seen.dom.contains("data-drawn=\"true\""), "every map is there");
    let all = rows(&seen.dom);
    assert!(all.len() > 30, "{}", all.len());
    let found: Vec<&str> = all.iter().filter(|(is_hidden, _)| !is_hidden).map(|r| r.1).collect();
    assert!(found.len() > 1 && found.iter().all(|row| row.contains("浭水花园")), "{found:?}");
    let said = format!("<span id=\"count\"> {} 行</span>", found.len());
    assert!(seen.dom.contains(&said), "{said}");
    // Sorted twice: the largest first, 10 before 7.
    let townships =
        seen.dom.split("<tbody>").find(|body| body.contains("<td>停车场</td>")).unwrap();
    let counts = townships.split("<tr").skip(1).filter_map(|row| {
        let cell = row.split("<td").nth(3)?;
        cell.split_once('>')?.1.split('<').next()?.parse::<u32>().ok()
    });
    let counts: Vec<u32> = counts.collect();
    assert!(counts.len() > 5 && counts.is_sorted_by(|a, b| a >= b), "{counts:?}");

    // The same look at a page that does ask shows that it would be seen.
    file(at, "c.html", "<html><body><img src=\"http://shapan.invalid/x.png\"></body></html>");
    let asking = browse(at, "c.html").unwrap();
    assert_eq!(asking.asked, ["http://shapan.invalid/x.png"]);
}
