//! The result report of a plan: what it does to trucks, rings and roads, for those who decide.
//!
//! One line first, then three numbers, two maps, the rings, who is worse off, what the checks say,
//! and what all of it rests on. Every figure is that of the planner ([`crate::network::compare`]);
//! where trucks are cut off it has two ends: without them, and as if they drove today's way with a
//! permit. In Chinese, as all papers are.

mod maps;
mod tables;
#[cfg(test)]
mod tests;
mod worse;

use jiff::civil::{Date, DateTime};

use super::block::{Block, PaperTable};
use crate::domain::figures::{change_words, figure, signed, spread, spread_percent};
use crate::domain::{AreaRole, Kind, Lang, World};
use crate::map;
use crate::network::compare::Comparison;
use crate::network::evaluate::{Assumptions, Prepared};
use crate::network::totals::DetourTotal;

/// A plan and its comparison with today.
#[derive(Clone, Copy)]
pub struct ResultRequest<'a> {
    pub world: &'a World,
    pub prepared: &'a Prepared,
    pub comparison: &'a Comparison,
    /// Its name; never empty.
    pub plan: &'a str,
    /// The moment that was looked at, local time; figures are those of its day.
    pub at: DateTime,
    pub assumed: Assumptions,
    /// Of the paper.
    pub date: Date,
    /// Longer tables are cut, and say so.
    pub most_rows: usize,
}

impl ResultRequest<'_> {
    /// District, plan and of when the figures are, in a line.
    pub fn about(&self) -> String {
        let areas = self.world.table(Kind::Area).iter();
        let district = areas.into_iter().find(|area| AreaRole::District.is_of(area));
        let district = district.map_or("本区", |area| area.name());
        let revision = self.world.revision;
        let version = self.world.seal.map_or_else(|| format!("r{revision}"), |seal| seal.short());
        let day = if self.comparison.before.day.is_workday() { "工作日" } else { "休息日" };
        let Self { plan, at, .. } = self;
        let (at, clock) = (at.date(), at.strftime("%H:%M"));
        format!(
            "区域：{district}　方案：{plan}　评估日：{at}（{day}），图为全日货车流量，不能到达和待核对的为当日{clock}　版本 {version}"
        )
    }

    fn total(&self) -> DetourTotal {
        DetourTotal::of(self.prepared, self.comparison)
    }
}

/// The report. Draws two maps, which takes about a second.
pub fn blocks(asked: &ResultRequest<'_>) -> Result<Vec<Block>, map::Error> {
    let mut blocks = vec![
        Block::Title(format!("{}效果评估报告", asked.plan)),
        Block::Number(format!("（{}）", asked.about())),
        Block::Heading("一、结论".to_owned()),
        Block::Paragraph(headline(asked)),
        Block::Table(three_numbers(asked)),
    ];
    let DetourTotal { cut_off_flows, .. } = asked.total();
    if cut_off_flows > 0 {
        blocks.push(Block::Note(
            "“～”两端：前为无路可走的货车不再出行，后为其持通行证按现状路线行驶。".to_owned(),
        ));
    }
    blocks.push(Block::Heading("二、实施前后对照图".to_owned()));
    blocks.extend(maps::pictures(asked)?.into_iter().map(Block::Picture));
    blocks.push(Block::Heading("三、控制圈".to_owned()));
    blocks.extend(tables::rings(asked));
    blocks.push(Block::Heading("四、受影响更大的一方".to_owned()));
    blocks.extend(worse::blocks(asked));
    blocks.push(Block::Heading("五、实施前要核对的事项".to_owned()));
    blocks.extend(tables::findings(asked));
    blocks.push(Block::Heading("六、口径和假设".to_owned()));
    blocks.extend(tables::assumptions(asked));
    Ok(blocks)
}

/// What is said first, in one line.
fn headline(asked: &ResultRequest<'_>) -> String {
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let old = before.inside.truck_km;
    let change = change_words(old, after.bounds(|parts| parts.inside.truck_km), Lang::Zh);
    let DetourTotal { trucks, added_min, cut_off, .. } = asked.total();
    let inside = format!("控制圈内货车行驶里程{change}");
    let detour = if trucks > 0.0 {
        let each_min = added_min / trucks;
        let more = if each_min < 0.0 { "少" } else { "多" };
        let each = figure(each_min.abs());
        format!("每日{}辆货车改道，平均每车{more}走{each}分钟", figure(trucks))
    } else {
        "没有货车改道".to_owned()
    };
    let cut = if cut_off > 0.0 {
        format!("；每日{}辆货车无路可走，须先安排通行证或线路", figure(cut_off))
    } else {
        String::new()
    };
    format!("{inside}；{detour}{cut}。")
}

fn three_numbers(asked: &ResultRequest<'_>) -> PaperTable {
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let old = before.inside.truck_km;
    let new = after.bounds(|parts| parts.inside.truck_km);
    let DetourTotal { added_min, cut_off_flows, cut_off, .. } = asked.total();
    let change = spread_percent(old, new, Lang::Zh).unwrap_or_else(|| "不变".to_owned());
    let lost = if cut_off_flows > 0 {
        // Without a permit all of them, with one nobody.
        format!("{}～0", figure(cut_off))
    } else {
        "0".to_owned()
    };
    let rows = [
        ["圈内货车里程（货车·公里/日）", &figure(old), &spread(new, Lang::Zh), &change],
        ["改道增加的行车时间（分钟/日）", "0", &figure(added_min), &signed(added_min)],
        ["无路可走的货车（辆/日）", "0", &lost, &format!("{cut_off_flows}股车流")],
    ];
    sheet(
        &["指标", "现状", "方案", "变化"],
        &[40, 16, 24, 20],
        rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
    )
}

/// A table; `widths` are shares of a hundred.
fn sheet(header: &[&str], widths: &[u32], rows: Vec<Vec<String>>) -> PaperTable {
    let header = header.iter().map(|words| (*words).to_owned()).collect();
    PaperTable { header, widths: widths.to_vec(), rows, ..PaperTable::default() }
}

/// The same with what has to be said of it: that there is nothing, or that there is more.
fn listed(mut table: PaperTable, most_rows: usize) -> Vec<Block> {
    if table.rows.is_empty() {
        return vec![Block::Paragraph("无。".to_owned())];
    }
    let left_out = table.rows.len().saturating_sub(most_rows);
    table.rows.truncate(most_rows);
    let mut blocks = vec![Block::Table(table)];
    if left_out > 0 {
        blocks.push(Block::Note(format!("另有{left_out}条未列出，见 Excel 附表。")));
    }
    blocks
}
