"""Pointing at the page: the element is described, and the page notices nothing."""

import base64
from typing import Any

import pytest

from tests.e2e.prelude.conftest import Artifact

pytestmark = pytest.mark.e2e
PAGE = """<!doctype html><title>a</title>
<style>
  body { margin: 0; font: 16px sans-serif; background: rgb(0, 128, 0) }
  main { height: 2000px }
  #start { position: absolute; left: 100px; top: 50px; width: 120px; height: 40px; text-transform: uppercase }
  .far { position: absolute; top: 1500px; left: 300px; width: 90px; height: 30px }
  canvas { position: absolute; left: 400px; top: 100px }
</style>
<main id="board">
  <button id="start" class="big red" aria-label="Start the game">Start</button>
  <canvas id="flat" width="100" height="100"></canvas>
  <canvas id="deep" style="left: 520px" width="100" height="100"></canvas>
  <button disabled class="far">Far &lt;b&gt;away&lt;/b&gt;</button>
  <aside style="position: fixed; top: 0; right: 0; width: 50px; height: 50px; background: rgb(255, 255, 0)"></aside>
  <div id="list" style="position: absolute; left: 600px; top: 300px; width: 50px; height: 50px; overflow: hidden">
    <div style="height: 60px; background: red"></div><div style="height: 60px; background: rgb(0, 255, 255)"></div></div>
  <my-card style="position: absolute; left: 100px; top: 200px; display: block"></my-card>
</main>
<script>
  window.seen = [];
  for (const type of ["pointerdown", "pointermove", "mousedown", "click", "keydown", "touchstart"])
    for (const [name, target] of [["window", window], ["document", document], ["button", start]])
      target.addEventListener(type, (event) => event.isTrusted && seen.push(name + " " + type), true);
  document.querySelector("my-card").attachShadow({ mode: "open" }).innerHTML =
    "<style>i { display: block; width: 100px; height: 50px; background: rgb(255, 0, 255) }</style><i class=inner>inside</i>";
  flat.getContext("2d").fillStyle = "rgb(255, 0, 0)"; flat.getContext("2d").fillRect(0, 0, 100, 100);
  const gl = deep.getContext("webgl");
  (function draw() { gl.clearColor(0, 0, 1, 1); gl.clear(gl.COLOR_BUFFER_BIT); requestAnimationFrame(draw) })();
</script>"""


def tell(artifact: Artifact, message: dict[str, Any]) -> None:
    artifact.page.evaluate("(message) => port.postMessage(message)", message)


def start(artifact: Artifact) -> None:
    tell(artifact, {"type": "point", "on": True})
    artifact.message("pointing", lambda message: message["on"])


def click(artifact: Artifact, x: int, y: int) -> None:
    box = artifact.page.locator("iframe").bounding_box()
    assert box
    left, top = box["x"] + 2, box["y"] + 2  # the frame has a border
    artifact.page.mouse.move(left + x, top + y, steps=3)
    artifact.page.mouse.click(left + x, top + y)


def test_a_click_picks_and_the_page_sees_nothing_of_it(artifact: Artifact) -> None:
    artifact.open(PAGE)
    start(artifact)
    click(artifact, 150, 60)
    place = artifact.message("picked")["place"]
    assert (place["tag"], place["id"], place["classes"]) == ("button", "start", ["big", "red"])
    assert (place["path"], place["name"], place["text"]) == ("button#start", "Start the game", "START")
    assert place["html"] == '<button id="start" class="big red" aria-label="Start the game">Start</button>'
    assert place["box"] == {"x": 100, "y": 50, "width": 120, "height": 40}
    assert place["window"] == {"width": 800, "height": 500}
    assert place["point"] is None
    assert artifact.run("seen") == []
    assert artifact.run("document.querySelectorAll('[popover]').length") == 0
    assert artifact.messages("pointing")[-1]["on"] is False
    click(artifact, 150, 60)
    assert "button click" in artifact.run("seen")
    assert len(artifact.messages("picked")) == 1


def test_what_is_scrolled_disabled_drawn_or_in_a_shadow(artifact: Artifact) -> None:
    artifact.open(PAGE)
    start(artifact)
    artifact.page.keyboard.down("Shift")  # goes on
    click(artifact, 430, 120)
    click(artifact, 120, 220)
    artifact.run("scrollTo(0, 1300)")
    click(artifact, 310, 210)
    artifact.page.keyboard.up("Shift")
    artifact.message("picked", lambda message: message["place"]["classes"] == ["far"])
    canvas, inner, far = [message["place"] for message in artifact.messages("picked")]
    assert (canvas["tag"], canvas["point"]) == ("canvas", {"x": 30, "y": 20})
    assert inner["path"] == "main#board > my-card >>> i.inner"
    assert (far["text"], far["box"]["y"]) == ("Far <b>away</b>", 200)
    assert far["path"] == "main#board > button.far:nth-of-type(2)"
    for path in (inner["path"], far["path"]):
        tell(artifact, {"type": "glow", "path": path})
    tell(artifact, {"type": "glow", "path": None})
    tell(artifact, {"type": "point", "on": False})
    artifact.message("pointing", lambda message: not message["on"])
    assert artifact.run("document.querySelectorAll('[popover]').length") == 0
    assert [said for said in artifact.run("seen") if "key" not in said] == []


def test_keys_pick(artifact: Artifact) -> None:
    artifact.open(PAGE)
    start(artifact)
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        tell(artifact, {"type": "key", "key": key, "more": False})
    tell(artifact, {"type": "key", "key": "Enter", "more": False})
    assert artifact.message("picked")["place"]["id"] == "start"
    said = [message["text"] for message in artifact.messages("pointed")]
    assert said[0].startswith("body “")
    assert said[1].startswith("main#board “")
    assert said[2:4] == ["button#start “Start the game”", "canvas#flat"]
    start(artifact)
    artifact.frame.focus("#start")
    artifact.page.keyboard.press("Escape")
    artifact.page.wait_for_function("messages.filter((m) => m.type === 'pointing' && !m.on).length === 2")
    assert artifact.run("seen") == []


def test_elements_under_marks(artifact: Artifact) -> None:
    artifact.open(PAGE)
    boxes = [
        {"x": 140, "y": 60, "width": 0, "height": 0},
        {"x": 95, "y": 45, "width": 130, "height": 50},
        {"x": 390, "y": 90, "width": 240, "height": 120},
    ]
    tell(artifact, {"type": "probe", "id": 7, "boxes": boxes})
    probed = artifact.message("probed")
    assert probed["id"] == 7
    assert [place["path"] for place in probed["places"]] == ["button#start", "main#board"]


def take_picture(artifact: Artifact) -> bytes | None:
    tell(artifact, {"type": "picture", "id": 1})
    message = artifact.message("picture")
    assert message["id"] == 1
    if message["image"] is None:
        return None
    content = artifact.page.evaluate(
        """() => { const { image } = messages.find((message) => message.type === "picture");
        let text = ""; for (const byte of new Uint8Array(image)) text += String.fromCharCode(byte); return btoa(text) }"""
    )
    return base64.b64decode(content)


COLOURS = """async ([data, points]) => {
  const image = new Image(); image.src = "data:image/png;base64," + data; await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
  return [image.width, ...points.map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data].slice(0, 3).join())];
}"""


def test_a_picture_shows_styles_canvases_and_shadows_where_the_window_is(artifact: Artifact) -> None:
    artifact.open(PAGE)
    artifact.run("document.body.append(Object.assign(document.createElement('div'), { style: 'height: 3000px' }))")
    artifact.run("scrollTo(0, 30), list.scrollTo(0, 60)")
    picture = take_picture(artifact)
    assert picture
    points = [[10, 400], [450, 100], [570, 100], [150, 190], [430, 65], [430, 180], [770, 10], [610, 280]]
    green, red, blue, violet, yellow, cyan = "0,128,0", "255,0,0", "0,0,255", "255,0,255", "255,255,0", "0,255,255"
    found = artifact.page.evaluate(COLOURS, [base64.b64encode(picture).decode(), points])
    assert found == [800, green, red, blue, violet, green, green, yellow, cyan]
    assert artifact.run("flat.hasOwnProperty('toDataURL')") is False


def test_a_page_that_cannot_be_read_gives_no_picture(artifact: Artifact) -> None:
    artifact.open(PAGE)
    artifact.run("() => { HTMLCanvasElement.prototype.toDataURL = () => { throw new Error('tainted') } }")
    assert take_picture(artifact) is None
