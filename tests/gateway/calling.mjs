// OpenAI's own client for Node calls the gateway; only the base URL and the key are changed.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: process.argv[3], maxRetries: 0 });
const messages = [{ role: "user", content: process.argv[4] }];
const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: {} } },
};
const told = {};

const answer = await client.chat.completions.create({ model: "echo", messages });
told.whole = answer.choices[0].message.content;
told.tokens = answer.usage.total_tokens;

told.streamed = "";
const stream = await client.chat.completions.create({ model: "echo", messages, stream: true });
for await (const chunk of stream) told.streamed += chunk.choices[0]?.delta?.content ?? "";

const called = await client.chat.completions.create({
  model: "scripted",
  messages: [{ role: "user", content: "the weather?" }],
  tools: [weather],
});
told.tool = called.choices[0].message.tool_calls[0].function;

told.response = (await client.responses.create({ model: "echo", input: "Good day." })).output_text;
told.vectors = (await client.embeddings.create({ model: "echo", input: ["a", "b"] })).data.length;
told.models = [];
for await (const model of client.models.list()) told.models.push(model.id);

try {
  await client.chat.completions.create({ model: "gpt-9", messages });
} catch (error) {
  told.error = [error.constructor.name, error.status, error.param];
}
console.log(JSON.stringify(told));
