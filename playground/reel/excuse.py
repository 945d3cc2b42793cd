"""The answer to a wish that there is no clip for: what this is, what there is, and how to connect a model."""

from playground.reel.clips import Language, nearest_clips

_TEXT: dict[Language, str] = {
    "en": """**This is the Demo reel: no model is running.** It plays a few clips that were written by hand, \
and it has none for this wish. The nearest ones:

{demos}

To have this wish answered, connect a model: set `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL` \
(any OpenAI-compatible server), or `DASHSCOPE_API_KEY` alone for Qwen3-Coder, and start the playground again. \
An admin can also add an endpoint on the admin pages.
""",
    "zh": """**这里是演示影片：没有模型在运行。** 它只会播放几个手工编写的片段，没有与这个愿望对应的。最接近的有：

{demos}

要让这个愿望得到回答，请连接一个模型：设置 `OPENAI_API_KEY`、`OPENAI_BASE_URL` 和 `OPENAI_MODEL`\
（任何兼容 OpenAI 的服务），或者只设置 `DASHSCOPE_API_KEY` 来使用 Qwen3-Coder，然后重新启动。\
管理员也可以在管理页面添加端点。
""",
}


def compose_excuse(wish: str, language: Language) -> str:
    demos = "\n".join(f"- **{clip.title[language]}**: {clip.prompt[language]}" for clip in nearest_clips(wish, 3))
    return _TEXT[language].format(demos=demos)
