using System.Text.Json;
using Credentials.Codecs;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;

namespace Credentials.Verifier.Api;

/// <summary><c>GET /api</c>: the OpenAPI document as a page, made here and without a script: operations, parameters, members, answers, codes, examples.</summary>
internal static class ApiPage
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api", HandleAsync).WithMetadata(RouteAudience.Person);

    private sealed record Operation(string Path, string Method, JsonElement Json)
    {
        public string Id => Json.GetProperty("operationId").GetString()!;
        public string Tag => Json.GetProperty("tags")[0].GetString()!;
        public string Text(string name) => Json.OptionalString(name) ?? "";
    }

    private static async Task<IResult> HandleAsync(HttpContext http, VerifierHostOptions options)
    {
        var language = Language.Of(http);
        var title = language.Choose("API 문서", "API");
        var info = ApiDocument.Json.GetProperty("info");
        var operations = Operations().ToList();
        var tags = ApiDocument.Json.GetProperty("tags").EnumerateArray().Select(tag => (Name: tag.GetProperty("name").GetString()!, About: tag.GetProperty("description").GetString()!)).ToList();
        await Layout.WriteAsync(http, 200, language, options.Name, title, Html.Of($"""
            <div class="api">
            <section class="card">
            <h1>{title}</h1>
            <p lang="en">{info.GetProperty("description").GetString()}</p>
            <p lang="en">{ApiDocument.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("description").GetString()}</p>
            <p><a href="/openapi.json">{language.Choose("OpenAPI 문서 (JSON)", "The OpenAPI document (JSON)")}</a></p>
            <nav aria-label="{language.Choose("목차", "Contents")}">
            {tags.Select(tag => Html.Of($"<p class=\"lead\">{tag.Name}</p><ul>{operations.Where(one => one.Tag == tag.Name).Select(one => Html.Of($"<li><a href=\"#{one.Id}\"><code>{one.Method} {one.Path}</code></a></li>"))}</ul>"))}
            </nav>
            </section>
            {tags.Select(tag => Html.Of($"<h2 class=\"group\" lang=\"en\">{tag.Name}</h2><p class=\"soft\" lang=\"en\">{tag.About}</p>{operations.Where(one => one.Tag == tag.Name).Select(one => Section(one, language))}"))}
            <h2 class="group">{language.Choose("자료형", "Schemas")}</h2>
            {ApiDocument.Json.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => Html.Of($"<section class=\"card\" id=\"schema-{schema.Name}\"><h3>{schema.Name}</h3>{Members(schema.Value, language)}</section>"))}
            </div>
            """));
        return Results.Empty;
    }

    private static IEnumerable<Operation> Operations() =>
        from path in ApiDocument.Json.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select new Operation(path.Name, method.Name.ToUpperInvariant(), method.Value);

    private static Html Section(Operation operation, Language language)
    {
        var who = operation.Json.GetProperty("security").EnumerateArray().Select(one => one.EnumerateObject().First().Name).ToList();
        var key = operation.Json.OptionalString("x-scope") is { } scope ? language.Choose($"API 열쇠(범위 {scope})", $"an API key with the scope {scope}") : language.Choose("API 열쇠", "an API key");
        var needs = who.Count == 0 ? language.Choose("필요 없음", "nothing")
            : who.Contains("page") ? language.Choose($"{key} 또는 화면의 쿠키", $"{key}, or the cookie of the page") : key;
        return Html.Of($"""
            <section class="card" id="{operation.Id}">
            <h3><code>{operation.Method} {operation.Path}</code></h3>
            <p class="lead" lang="en"><strong>{operation.Text("summary")}.</strong> {operation.Text("description")}</p>
            <p class="soft">{language.Choose("필요한 것", "Needs")}: {needs}</p>
            {Parameters(operation.Json, language)}
            {Body(operation.Json, language)}
            {Answers(operation.Json, language)}
            </section>
            """);
    }

    private static Html Parameters(JsonElement operation, Language language) => operation.OptionalArray("parameters") is not { } parameters ? Html.None : Table(
        language.Choose("매개변수", "Parameters"), [language.Choose("이름", "Name"), language.Choose("위치", "In"), language.Choose("뜻", "Meaning")],
        parameters.EnumerateArray().Select(one => new[] { Code(one.GetProperty("name").GetString()!), Text(one.GetProperty("in").GetString()!), Text(one.OptionalString("description") ?? "") }));

    private static Html Body(JsonElement operation, Language language)
    {
        if (operation.OptionalObject("requestBody") is not { } body)
            return Html.None;
        var (type, content) = First(body.GetProperty("content"));
        return Html.Of($"<h4>{language.Choose("본문", "Body")} <code>{type}</code></h4>{SchemaOf(content, language)}{Example(content, language)}");
    }

    private static Html Answers(JsonElement operation, Language language)
    {
        var answers = operation.GetProperty("responses").EnumerateObject().Select(one => (Status: one.Name, Json: ApiDocument.Resolve(one.Value))).ToList();
        var table = Table(language.Choose("응답", "Answers"), [language.Choose("상태", "Status"), language.Choose("뜻", "Meaning"), language.Choose("부호", "Codes")],
            answers.Select(one => new[] { Code(one.Status), Text(one.Json.GetProperty("description").GetString()!), Codes(one.Json) }));
        var good = answers.FirstOrDefault(one => one.Status.StartsWith('2') && one.Json.Member("content") is not null).Json;
        if (good.ValueKind != JsonValueKind.Object)
            return table;
        var (type, content) = First(good.GetProperty("content"));
        return Html.Of($"{table}<h4>{language.Choose("응답 본문", "Body of the answer")} <code>{type}</code></h4>{SchemaOf(content, language)}{Example(content, language)}");
    }

    private static (string Type, JsonElement Content) First(JsonElement content)
    {
        var first = content.EnumerateObject().First();
        return (first.Name, first.Value);
    }

    private static Html Codes(JsonElement answer) => answer.OptionalArray("x-codes") is not { } codes
        ? Html.None
        : Html.Join(codes.EnumerateArray().Select((code, i) => Html.Of($"{(i == 0 ? "" : " ")}<code>{code.GetString()}</code>")));

    private static Html SchemaOf(JsonElement content, Language language) => content.GetProperty("schema") is var schema && Name(schema) is { } name
        ? Html.Of($"<p><a href=\"#schema-{name}\">{name}</a></p>")
        : Members(schema, language);

    private static Html Members(JsonElement schema, Language language)
    {
        var about = schema.OptionalString("description") is { } text ? Html.Of($"<p lang=\"en\">{text}</p>") : Html.None;
        if (schema.OptionalArray("allOf") is { } all)
            return Html.Of($"{about}{all.EnumerateArray().Select(one => Name(one) is { } name ? Html.Of($"<p><a href=\"#schema-{name}\">{name}</a> +</p>") : Members(one, language))}");
        if (schema.OptionalObject("properties") is not { } properties)
            return Html.Of($"{about}<p>{Kind(schema)}</p>");
        var required = schema.OptionalStringArray("required") ?? [];
        return Html.Of($"{about}{Table(language.Choose("항목", "Members"), [language.Choose("이름", "Name"), language.Choose("값", "Value"), language.Choose("뜻", "Meaning")],
            properties.EnumerateObject().Select(one => new[]
            {
                Html.Of($"<code>{one.Name}</code>{(required.Contains(one.Name) ? Html.Of($" <span class=\"soft\">{language.Choose("필수", "required")}</span>") : Html.None)}"),
                Kind(one.Value), Text(one.Value.OptionalString("description") ?? ""),
            }))}");
    }

    /// <summary>What a value may be, in a few words.</summary>
    private static Html Kind(JsonElement schema)
    {
        if (Name(schema) is { } name)
            return Html.Of($"<a href=\"#schema-{name}\">{name}</a>");
        if (schema.OptionalArray("oneOf") is { } options)
            return Html.Join(options.EnumerateArray().Select((one, i) => Html.Of($"{(i == 0 ? "" : " | ")}{Kind(one)}")));
        if (schema.OptionalArray("enum") is { } values)
            return Html.Join(values.EnumerateArray().Select((one, i) => Html.Of($"{(i == 0 ? "" : " | ")}<code>{one.GetString()}</code>")));
        var type = schema.Member("type") switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString()!,
            { ValueKind: JsonValueKind.Array } several => string.Join(" | ", several.EnumerateArray().Select(one => one.GetString())),
            _ => "",
        };
        var range = (schema.OptionalIndex("minimum"), schema.OptionalIndex("maximum")) is ({ } least, { } most) ? $" {least}…{most}" : "";
        return schema.OptionalObject("items") is { } items ? Html.Of($"{type} [{Kind(items)}]")
            : Html.Of($"{type}{range}{(schema.OptionalString("format") is { } format ? $" ({format})" : "")}");
    }

    private static string? Name(JsonElement schema) => schema.OptionalString("$ref")?.Split('/')[^1];

    // A region that scrolls has to be within reach of the keyboard.
    private static Html Example(JsonElement content, Language language) => content.Member("example") is not { } example ? Html.None : Html.Of(
        $"<pre tabindex=\"0\" role=\"region\" aria-label=\"{language.Choose("보기", "Example")}\"><code>{(example.ValueKind == JsonValueKind.String ? example.GetString() : Indented(example))}</code></pre>");

    private static string Indented(JsonElement value) => StrictJson.ToNode(value)!.ToJsonString(s_indented);

    private static Html Table(string caption, IReadOnlyList<string> heads, IEnumerable<Html[]> rows) => Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table>
        <caption>{caption}</caption>
        <thead><tr>{heads.Select(head => Html.Of($"<th scope=\"col\">{head}</th>"))}</tr></thead>
        <tbody>{rows.Select(row => Html.Of($"<tr>{row.Select(cell => Html.Of($"<td>{cell}</td>"))}</tr>"))}</tbody>
        </table></div>
        """);

    private static Html Code(string text) => Html.Of($"<code>{text}</code>");

    private static Html Text(string text) => Html.Of($"{text}");
}
