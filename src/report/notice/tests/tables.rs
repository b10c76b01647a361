//! The tables of signs, on the paper and as a file.

use super::*;

#[test]
fn the_paper_has_a_table_of_signs_for_each_order_with_its_plate_above() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    town.order("no_entry", line(&[(0.0, 1.0), (1.0, 1.0)]), &[("hours", Value::text("全天"))]);
    let notice = town.notice();
    let blocks = blocks(&notice, None);
    let tables = blocks.iter().filter_map(|block| match block {
        crate::report::block::Block::Table(table) => Some(table.rows.len()),
        _ => None,
    });
    assert_eq!(tables.sum::<usize>(), notice.entries.len());
    let paper = plain::text(&blocks);
    for plate in
        ["第一条第（一）项。辅助标志：每日7时至19时；", "第一条第（二）项。辅助标志：全天；"]
    {
        assert!(paper.contains(plate), "{plate}: {paper}");
    }
}

#[test]
fn the_schedule_goes_out_as_a_table_with_the_places_of_its_signs() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let notice = town.notice();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("signs.csv");
    let crs = crate::geodesy::crs::Crs::Wgs84;
    let format = crate::exchange::formats::by_name(&target).unwrap();
    crate::exchange::write::replace(&target, format, vec![layer(&notice.entries, &crs)]).unwrap();
    let text = std::fs::read_to_string(target).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[0].trim_start_matches('\u{feff}'),
        "序号,措施,位置,标志,辅助标志,摄像机,lon,lat,crs"
    );
    assert_eq!(rows.len(), notice.entries.len() + 1);
    let first = notice.entries[0].at;
    assert!(rows[1].contains(&format!("未覆盖，需新设,{},{}", first.x, first.y)), "{}", rows[1]);
}
