//! The picture of a project, as SVG inside of the page: a row for each service, what reaches it from outside on its left, its networks as lanes
//! on its right, and behind them what it sees of the host. The same stands below it in words.

use std::fmt::Write as _;

use crate::report::audit::escape::escape;
use crate::report::picture::{Picture, Service, User};

/// Of more services than these no picture is made: nobody could read it. The table below stays.
const MOST_SERVICES: usize = 80;

/// How many networks have lanes.
const MOST_LANES: usize = 10;

/// How many ports and mounts of one service are drawn.
const MOST_TAGS: usize = 5;

const WIDTH: usize = 1000;
const PORTS_END: usize = 200;
const BOX_START: usize = 240;
const BOX_END: usize = 540;
const LANES_START: usize = 575;
const LANE: usize = 30;
const TAG: usize = 24;
const TOP: usize = 96;

/// A section with the picture of each project that has services.
pub(super) fn write(page: &mut String, pictures: &[Picture]) {
    let drawn: Vec<&Picture> = pictures.iter().filter(|picture| !picture.services.is_empty()).collect();
    if drawn.is_empty() {
        return;
    }
    page.push_str("<section id=\"projects\">\n<h2>The projects</h2>\n");
    page.push_str(
        "<p class=\"key\">What the network outside can reach stands on the left, each service in the middle, its networks to its \
         right, and on the far right what it sees of the host. Red is what gives an attacker most.</p>\n",
    );
    for (number, picture) in drawn.into_iter().enumerate() {
        let _ = writeln!(page, "<h3 class=\"project\">{}</h3>", escape(&picture.files.join(" + ")));
        if picture.services.len() <= MOST_SERVICES {
            let _ = writeln!(
                page,
                "<div class=\"drawing\" tabindex=\"0\" role=\"group\" aria-label=\"Picture {}\">",
                number + 1
            );
            draw(page, picture, number);
            page.push_str("</div>\n");
        }
        in_words(page, picture, number + 1);
    }
    page.push_str("</section>\n");
}

/// How many rows of tags a service needs.
fn rows(service: &Service) -> usize {
    let tags = |number: usize| number.min(MOST_TAGS) + usize::from(number > MOST_TAGS);
    tags(service.ports.len()).max(tags(service.mounts.len())).max(2)
}

fn height(service: &Service) -> usize {
    rows(service) * TAG + 26
}

fn draw(page: &mut String, picture: &Picture, number: usize) {
    let lanes: Vec<&str> = lanes(picture);
    let body: usize = picture.services.iter().map(|service| height(service) + 14).sum();
    let total = TOP + body + 10;
    let title = format!("Services of {}", picture.files.join(" + "));
    let _ = writeln!(
        page,
        "<svg viewBox=\"0 0 {WIDTH} {total}\" role=\"img\" aria-labelledby=\"drawing-{number}\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title id=\"drawing-{number}\">{}. The table below says the same in words.</title>",
        escape(&title)
    );
    for (x, words, anchor) in [
        (PORTS_END, "reachable from outside", "end"),
        (BOX_START, "service", "start"),
        (WIDTH - 10, "sees of the host", "end"),
    ] {
        let _ = writeln!(
            page,
            "<text class=\"head\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{words}</text>",
            TOP - 12
        );
    }
    for (index, name) in lanes.iter().enumerate() {
        let x = lane(index);
        let network = picture.networks.iter().find(|network| network.name == **name);
        let is_internal = network.is_some_and(|network| network.internal);
        let more = match network {
            Some(network) if network.internal => " (internal)",
            Some(network) if network.external => " (external)",
            _ => "",
        };
        let dashes = if is_internal { " internal" } else { "" };
        let _ = writeln!(
            page,
            "<line class=\"lane l{}{dashes}\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\"/>",
            index % 6,
            TOP - 4,
            total - 6
        );
        let _ = writeln!(
            page,
            "<text class=\"lane-name\" transform=\"translate({} {}) rotate(-32)\">{}</text>",
            x + 4,
            TOP - 12,
            escape(&format!("{}{more}", short(name, 16)))
        );
    }
    let mut y = TOP;
    for service in &picture.services {
        row(page, service, &lanes, y);
        y += height(service) + 14;
    }
    page.push_str("</svg>\n");
}

/// The networks with lanes: those that a service is in, the declared ones first.
fn lanes(picture: &Picture) -> Vec<&str> {
    let is_used =
        |name: &str| picture.services.iter().any(|service| service.networks.iter().any(|used| used == name));
    let mut lanes: Vec<&str> =
        picture.networks.iter().map(|network| network.name.as_str()).filter(|name| is_used(name)).collect();
    for name in picture.services.iter().flat_map(|service| &service.networks) {
        if !lanes.contains(&name.as_str()) {
            lanes.push(name);
        }
    }
    lanes.truncate(MOST_LANES);
    lanes
}

fn lane(index: usize) -> usize {
    LANES_START + index * LANE
}

fn row(page: &mut String, service: &Service, lanes: &[&str], y: usize) {
    let height = height(service);
    for (index, name) in lanes.iter().enumerate() {
        if service.networks.iter().any(|network| network == name) {
            let (x, class) = (lane(index), index % 6);
            // From below, away from the lines to the host; those to further lanes lie higher, so that two of them are two.
            let at = y + height - 14 - (index * 9) % (height - 26);
            let _ = writeln!(
                page,
                "<path class=\"join l{class}\" d=\"M{BOX_END} {at}H{x}\"/><circle class=\"l{class}\" cx=\"{x}\" cy=\"{at}\" r=\"5\"/>"
            );
        }
    }
    port_tags(page, service, y);
    service_box(page, service, y);
    mount_tags(page, service, lane(lanes.len()), y);
}

/// What is reachable from outside, at the left.
fn port_tags(page: &mut String, service: &Service, y: usize) {
    let mut at = y + 6;
    for (shown, is_bad) in ports(service) {
        let class = if is_bad { "bad" } else { "fine" };
        let width = (shown.chars().count() * 8 + 18).min(PORTS_END);
        let x = PORTS_END - width;
        let _ = writeln!(
            page,
            "<g class=\"tag {class}\"><rect x=\"{x}\" y=\"{at}\" width=\"{width}\" height=\"20\" rx=\"10\"/>"
        );
        let _ = writeln!(
            page,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x + width / 2,
            at + 14,
            escape(&shown)
        );
        let _ =
            writeln!(page, "<path d=\"M{PORTS_END} {0}H{1}m-7 -5l7 5l-7 5\"/></g>", at + 10, BOX_START - 3);
        at += TAG;
    }
}

/// The service itself.
fn service_box(page: &mut String, service: &Service, y: usize) {
    let class = if service.privileged { " bad" } else { "" };
    let _ = writeln!(
        page,
        "<rect class=\"service{class}\" x=\"{BOX_START}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"9\"/>",
        BOX_END - BOX_START,
        height(service)
    );
    let _ = writeln!(
        page,
        "<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>",
        BOX_START + 14,
        y + 22,
        escape(&short(&service.name, 30))
    );
    let _ = writeln!(
        page,
        "<text class=\"runs\" x=\"{}\" y=\"{}\">{}</text>",
        BOX_START + 14,
        y + 40,
        escape(&short_end(&service.runs, 40))
    );
    let mut x = BOX_START + 14;
    for (word, class) in marks(service) {
        let width = word.len() * 7 + 14;
        let _ = writeln!(
            page,
            "<g class=\"mark {class}\"><rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"17\" rx=\"4\"/>",
            y + 49
        );
        let _ = writeln!(
            page,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{word}</text></g>",
            x + width / 2,
            y + 61
        );
        x += width + 6;
    }
}

/// What it sees of the host, from the right, not over the lanes.
fn mount_tags(page: &mut String, service: &Service, lanes_end: usize, y: usize) {
    let mut at = y + 6;
    for (shown, is_bad) in mounts(service) {
        let class = if is_bad { "bad" } else { "fine" };
        let width = (shown.chars().count() * 7 + 18).min(WIDTH - 10 - lanes_end);
        let x = WIDTH - 10 - width;
        let _ = writeln!(
            page,
            "<g class=\"tag {class}\"><path d=\"M{BOX_END} {0}H{x}\"/><rect x=\"{x}\" y=\"{at}\" width=\"{width}\" height=\"20\" rx=\"4\"/>",
            at + 10
        );
        let _ = writeln!(
            page,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>",
            x + width / 2,
            at + 14,
            escape(&shown)
        );
        at += TAG;
    }
}

/// What a service publishes, shortened.
fn ports(service: &Service) -> Vec<(String, bool)> {
    let mut shown: Vec<_> =
        service.ports.iter().take(MOST_TAGS).map(|port| (short(&port.shown, 22), port.everywhere)).collect();
    if service.ports.len() > MOST_TAGS {
        shown.push((format!("and {} more", service.ports.len() - MOST_TAGS), false));
    }
    if service.in_host_network {
        shown.insert(0, ("all that it opens".to_owned(), true));
    }
    shown.truncate(MOST_TAGS + 1);
    shown
}

fn mounts(service: &Service) -> Vec<(String, bool)> {
    let mount = |mount: &crate::report::picture::Mount| {
        let access = if mount.writable { "" } else { " (read)" };
        (format!("{}{access}", short_end(&mount.path, 24)), mount.reaches_host)
    };
    let mut shown: Vec<_> = service.mounts.iter().take(MOST_TAGS).map(mount).collect();
    if service.mounts.len() > MOST_TAGS {
        shown.push((format!("and {} more", service.mounts.len() - MOST_TAGS), false));
    }
    shown
}

/// What is marked on a service, and how.
fn marks(service: &Service) -> Vec<(&'static str, &'static str)> {
    let user = match service.user {
        User::Root => ("root", "bad"),
        User::NotRoot => ("not root", "good"),
        User::Unknown => ("user unknown", "open"),
    };
    let privileged = service.privileged.then_some(("privileged", "bad"));
    let host = service.in_host_network.then_some(("host network", "bad"));
    std::iter::once(user).chain(privileged).chain(host).collect()
}

fn in_words(page: &mut String, picture: &Picture, number: usize) {
    let _ = write!(
        page,
        "<details><summary>The same in words</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Services in words {number}\"><table class=\"words\">\n<thead><tr><th>Service</th><th>Runs</th><th>As</th>\
         <th>Published</th><th>Networks</th><th>Sees of the host</th></tr></thead>\n<tbody>\n",
    );
    for service in &picture.services {
        let list = |items: Vec<String>| match items.is_empty() {
            true => "none".to_owned(),
            false => escape(&items.join(", ")),
        };
        let ports = service.ports.iter().map(|port| match port.everywhere {
            true => format!("{} on every address", port.shown),
            false => port.shown.clone(),
        });
        let mounts = service.mounts.iter().map(|mount| match mount.writable {
            true => format!("{} (may write)", mount.path),
            false => mount.path.clone(),
        });
        let networks = match service.in_host_network {
            true => vec!["the host's own".to_owned()],
            false => service.networks.clone(),
        };
        let user = marks(service).into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(", ");
        let line = service.place.file.line(service.place.span.start());
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}<br><span class=\"place\">{}:{line}</span></th><td>{}</td><td>{user}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&service.name),
            escape(service.place.file.name()),
            escape(&service.runs),
            list(ports.collect()),
            list(networks),
            list(mounts.collect()),
        );
    }
    page.push_str("</tbody>\n</table></div></details>\n");
}

/// The beginning of a text.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// The end of a text, which tells paths and images apart.
fn short_end(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(count - most + 1)).collect()
}
