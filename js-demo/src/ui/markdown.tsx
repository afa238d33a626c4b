// Markdown as elements: the text is taken apart by a library and put together here, so that nothing in it is ever
// read as HTML.
import { lexer } from "marked";
import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";

export function Markdown({ text }: { text: string }) {
  return <>{lexer(text).map(block)}</>;
}

const inline = (tokens: Token[] | undefined): ComponentChildren => tokens?.map(span);

/** The text of a token, without the escapes that the library makes for HTML. */
const plain = (token: Token): string => ("raw" in token ? token.raw : "");

function span(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <strong key={key}>{inline(token.tokens)}</strong>;
    case "em":
      return <em key={key}>{inline(token.tokens)}</em>;
    case "codespan":
      return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br key={key} />;
    case "link":
      return link(token as Tokens.Link, key);
    case "escape":
      return (token as Tokens.Escape).text;
    default:
      return "tokens" in token && token.tokens !== undefined ? inline(token.tokens) : plain(token);
  }
}

/** Links lead out of the page only where they are of the web; others are text. */
function link({ href, tokens }: Tokens.Link, key: number): ComponentChildren {
  if (!/^https?:\/\//.test(href)) return <span key={key}>{inline(tokens)}</span>;
  return <a key={key} href={href} target="_blank" rel="noopener noreferrer">{inline(tokens)}</a>;
}

function block(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      return heading(token as Tokens.Heading, key);
    case "paragraph":
      return <p key={key}>{inline(token.tokens)}</p>;
    case "code":
      return <pre key={key} tabIndex={0}><code>{(token as Tokens.Code).text}</code></pre>;
    case "list":
      return list(token as Tokens.List, key);
    case "blockquote":
      return <blockquote key={key}>{token.tokens?.map(block)}</blockquote>;
    case "table":
      return table(token as Tokens.Table, key);
    case "text":
      return <span key={key}>{inline((token as Tokens.Text).tokens ?? [token])}</span>;
    default:
      return <p key={key}>{plain(token)}</p>;
  }
}

/** Headings lie below those of the finding that the page belongs to. */
function heading({ depth, tokens }: Tokens.Heading, key: number): ComponentChildren {
  return depth === 1 ? <h5 key={key} class="title">{inline(tokens)}</h5> : <h6 key={key}>{inline(tokens)}</h6>;
}

function list({ ordered, items, start }: Tokens.List, key: number): ComponentChildren {
  const entries = items.map((item, index) => <li key={index}>{item.tokens.map(block)}</li>);
  return ordered ? <ol key={key} start={Number(start) || 1}>{entries}</ol> : <ul key={key}>{entries}</ul>;
}

function table({ header, rows }: Tokens.Table, key: number): ComponentChildren {
  return (
    <div key={key} class="scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead><tr>{header.map((cell, index) => <th key={index}>{inline(cell.tokens)}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, number) => (
            <tr key={number}>{row.map((cell, index) => <td key={index}>{inline(cell.tokens)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
