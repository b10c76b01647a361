//! The weekly brief as others read it: Word, PDF, HTML in a browser, Excel.

use crate::peers::{ask, word_reader};
use crate::support::{complained, done, file, folder, run};

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_same_brief_is_found_in_word_pdf_and_text() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    for target in ["b.docx", "b.pdf", "b.html", "b.xlsx", "b.txt"] {
        done(at, &["brief", "a.gpkg", target]);
    }
    let plain = std::fs::read_to_string(at.join("b.txt")).unwrap();
    let wanted: Vec<&str> = plain
        .lines()
        .filter(|line| !line.starts_with('〔'))
        .flat_map(|line| line.split('\t'))
        .filter(|cell| cell.chars().count() > 3)
        .collect();
    assert!(wanted.len() > 60);
    let html = std::fs::read_to_string(at.join("b.html")).unwrap().replace("&lt;", "<");
    assert!(wanted.iter().all(|words| html.contains(words)));
    assert!(!html.contains("http://") && !html.contains("https://"), "it asks no network");
    if let Some(text) = ask(at, "pdftotext", &["-layout", "b.pdf", "-"]) {
        // A cell is broken over lines beside other cells, so only short ones stand there whole.
        let text = letters(&text);
        let short = wanted.iter().filter(|words| words.chars().count() < 6);
        let lost: Vec<_> = short.filter(|words| !text.contains(&letters(words))).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
    let word = "import docx, sys; d = docx.Document('b.docx'); \
                print('\\n'.join(p.text for p in d.paragraphs)); \
                print('\\n'.join(c.text for t in d.tables for r in t.rows for c in r.cells))";
    if let Some(python) = word_reader() {
        let text = ask(at, python, &["-c", word]).unwrap();
        let lost: Vec<_> = wanted.iter().filter(|words| !text.contains(**words)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

#[test]
fn an_independent_reader_finds_the_tables_in_the_workbook() {
    use calamine::Reader as _;
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    done(at, &["brief", "a.gpkg", "b.xlsx"]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(at.join("b.xlsx")).unwrap();
    let names = book.sheet_names();
    assert!(names.iter().any(|name| name.contains("控制圈")), "{names:?}");
    let decisions = book.worksheet_range(&names[0]).unwrap();
    let above = decisions.get((0, 0)).unwrap().to_string();
    assert!(above.contains("大气污染防治会商周报") && above.contains("年"), "{above}");
    assert_eq!(decisions.get((2, 1)).unwrap().to_string(), "责任单位");
    assert_eq!(decisions.get((3, 1)).unwrap().to_string(), "住建局");
}

#[test]
fn a_past_week_is_read_as_it_was_and_a_template_of_the_office_is_used() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let template = file(at, "t.md", "# 简报\n工地{sites}处，上期{rate_before}");
    let text = |arguments: &[&str]| {
        done(at, &[&["brief", "a.gpkg", "b.txt", "--template", &template], arguments].concat());
        std::fs::read_to_string(at.join("b.txt")).unwrap()
    };
    assert_eq!(text(&[]), "简报\n\n工地12处，上期无数据\n");
    assert_eq!(text(&["--week", "2025-W10"]), "简报\n\n工地0处，上期无数据\n", "before it began");
    let unknown = file(at, "u.md", "# 简报\n{weather}");
    let refused = run(at, &["brief", "a.gpkg", "c.txt", "--template", &unknown]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("line 2"), "{}", complained(&refused));
    assert!(!at.join("c.txt").exists());
    for wrong in [
        &["brief", "a.gpkg", "b.doc"][..],
        &["brief", "a.gpkg"],
        &["brief", "a.gpkg", "b.txt", "--meeting", "没有"],
    ] {
        assert_eq!(run(at, wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert!(done(at, &["brief", "a.gpkg", "--print-template"]).contains("{rings_map}"));
}

#[test]
fn the_minutes_of_a_meeting_have_its_decisions() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    done(at, &["brief", "a.gpkg", "b.txt", "--meeting", "SL-M01"]);
    let text = std::fs::read_to_string(at.join("b.txt")).unwrap();
    assert!(text.contains("晨光里小区二期工地雾炮到位"), "{text}");
}
