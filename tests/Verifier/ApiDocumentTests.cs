using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Tests.Shared;
using Credentials.Verifier.Api;
using Credentials.Verifier.Http;
using Credentials.Verifier.RelyingParty;
using Credentials.Verifier.Tests.Setup;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Credentials.Verifier.Tests;

/// <summary>The OpenAPI document says what the service does, all of it and nothing else.</summary>
public sealed class ApiDocumentTests(ApiDocumentTests.WithEverything setup, Browser browser) : IClassFixture<ApiDocumentTests.WithEverything>, IClassFixture<Browser>
{
    /// <summary>Codes that no answer to a program carries: they are for wallets, pages, files and reports.</summary>
    private static readonly string[] s_elsewhere =
    [
        VerifierCodes.RequestForm, VerifierCodes.PolicyMalformed, VerifierCodes.PartyMalformed, VerifierCodes.WalletMetadata, VerifierCodes.SessionMismatch,
        VerifierCodes.SessionForm, VerifierCodes.ReportMalformed,
    ];

    private readonly TestVerifier _verifier = setup.Verifier;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A service with everything switched on.</summary>
    public sealed class WithEverything : IAsyncLifetime
    {
        public TestVerifier Verifier { get; } = new() { Alter = o => o with { VcApi = true } };

        public ValueTask InitializeAsync() => Verifier.InitializeAsync();

        public ValueTask DisposeAsync() => Verifier.DisposeAsync();
    }

    [Fact]
    public void Every_route_for_programs_is_in_the_document_and_every_operation_of_it_is_mapped()
    {
        var routes = _verifier.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.OfType<RouteAudience>().LastOrDefault() != RouteAudience.Person)
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText!.TrimEnd('/')}"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(routes, Operations().Select(one => $"{one.Method} {one.Path}").Order(StringComparer.Ordinal));
        Assert.Equal(Operations().Count(), Operations().Select(one => one.Json.GetProperty("operationId").GetString()).Distinct().Count());
    }

    [Fact]
    public void Every_code_in_the_document_exists_and_every_code_that_a_program_may_get_is_in_it()
    {
        var documented = Codes(ApiDocument.Json).ToHashSet();
        var own = Constants(typeof(VerifierCodes)).ToList();
        var all = typeof(CredentialException).Assembly.GetTypes().Where(type => type.Name.EndsWith("Codes", StringComparison.Ordinal)).SelectMany(Constants).Concat(own).ToHashSet();

        Assert.Empty(documented.Except(all));
        Assert.Empty(own.Except(s_elsewhere).Except(documented));
        Assert.Empty(documented.Intersect(s_elsewhere));
    }

    [Fact]
    public void References_lead_somewhere_and_examples_have_the_members_of_their_schemas()
    {
        var schemas = 0;
        foreach (var (_, _, operation) in Operations())
        {
            var contents = operation.GetProperty("responses").EnumerateObject().Select(one => ApiDocument.Resolve(one.Value))
                .Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : [])
                .Where(one => one.TryGetProperty("content", out _)).SelectMany(one => one.GetProperty("content").EnumerateObject());
            foreach (var content in contents)
            {
                schemas++;
                if (content.Value.TryGetProperty("example", out var example))
                    AssertFits(example, content.Value.GetProperty("schema"));
            }
        }
        Assert.True(schemas > 50);
        var members = ApiDocument.Json.GetProperty("components").GetProperty("schemas").GetProperty("NewVerification").GetProperty("properties");
        Assert.Equal(NewVerification.Members.Order(), members.EnumerateObject().Select(member => member.Name).Order());
    }

    [Fact]
    public async Task Without_a_key_every_operation_that_needs_one_answers_as_the_document_says()
    {
        foreach (var (method, path, operation) in Operations().Where(one => one.Json.GetProperty("security").GetArrayLength() > 0))
        {
            var request = new HttpRequestMessage(new HttpMethod(method), _verifier.Absolute(path.Replace("{id}", "x", StringComparison.Ordinal)));
            if (operation.TryGetProperty("requestBody", out _))
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await _verifier.Http.SendAsync(request, Ct);
            await AssertDocumentedAsync(operation, answer, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task What_is_answered_is_what_the_document_says()
    {
        var operations = Operations().ToDictionary(one => $"{one.Method} {one.Path}", one => one.Json);
        async Task<JsonElement> CallAsync(HttpMethod method, string route, HttpStatusCode status, string? id = null, JsonNode? body = null, string type = "application/json")
        {
            var content = body is null ? null : new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, type);
            using var answer = await _verifier.SendAsync(method, route.Replace("{id}", id, StringComparison.Ordinal), null, content);
            return await AssertDocumentedAsync(operations[$"{method} {route}"], answer, status);
        }

        var created = await CallAsync(HttpMethod.Post, "/verifications", HttpStatusCode.Created, null, new JsonObject { ["policy"] = "over-19" });
        var id = created.GetProperty("id").GetString()!;
        (await new TestWallet(_verifier).PresentToAsync(new Created(id, created.GetProperty("request_uri").GetString()!, ""), await _verifier.Issuer.IssueLicenceAsync())).Response.Dispose();
        Assert.Equal("accepted", (await CallAsync(HttpMethod.Get, "/verifications/{id}", HttpStatusCode.OK, id)).GetProperty("state").GetString());
        await CallAsync(HttpMethod.Get, "/verifications/{id}/evidence", HttpStatusCode.OK, id);
        await CallAsync(HttpMethod.Get, "/verifications/{id}/qr.svg", HttpStatusCode.Gone, id);
        await CallAsync(HttpMethod.Delete, "/verifications/{id}", HttpStatusCode.Conflict, id);
        await CallAsync(HttpMethod.Get, "/verifications/{id}", HttpStatusCode.NotFound, "none");
        await CallAsync(HttpMethod.Get, "/verifications/{id}/evidence", HttpStatusCode.NotFound, "none");
        foreach (var (body, _) in new (JsonObject, string)[]
        {
            (new JsonObject(), "nothing asked"), (new JsonObject { ["policy"] = "none" }, "unknown policy"), (new JsonObject { ["polcy"] = "over-19" }, "unknown member"),
            (new JsonObject { ["policy"] = 7 }, "wrong type"), (new JsonObject { ["policy"] = "over-19", ["response_mode"] = "fax" }, "unknown value"),
            (new JsonObject { ["dcql_query"] = new JsonObject(), ["purpose"] = "x" }, "no query"), (new JsonObject { ["policy"] = "over-19", ["offline_max_age_seconds"] = 1 }, "not with a policy"),
            (new JsonObject { ["policy"] = "over-19", ["transaction_data"] = new JsonArray() }, "empty"), (new JsonObject { ["policy"] = "over-19", ["redirect_uri"] = "javascript:x" }, "no address"),
        })
        {
            await CallAsync(HttpMethod.Post, "/verifications", HttpStatusCode.BadRequest, null, body);
        }
        await CallAsync(HttpMethod.Post, "/verifications", HttpStatusCode.UnsupportedMediaType, null, new JsonObject(), "text/plain");
        await CallAsync(HttpMethod.Post, "/verifications", HttpStatusCode.RequestEntityTooLarge, null, new JsonObject { ["purpose"] = new string('x', 300_000) });
        await CallAsync(HttpMethod.Post, "/documents/verify", HttpStatusCode.OK, null, new JsonObject { ["document"] = "x" });
        await CallAsync(HttpMethod.Post, "/documents/verify", HttpStatusCode.BadRequest, null, new JsonObject { ["document"] = "x", ["policy"] = "none" });
        await CallAsync(HttpMethod.Get, "/webhook", HttpStatusCode.NotFound);
        await CallAsync(HttpMethod.Put, "/webhook", HttpStatusCode.BadRequest, null, new JsonObject { ["url"] = "https://shop.example/" });
        await CallAsync(HttpMethod.Post, "/vc-api/credentials/verify", HttpStatusCode.BadRequest, null, new JsonObject { ["verifiableCredential"] = "x" });
        using var document = await _verifier.BrowseAsync("/openapi.json");
        Assert.Equal("3.1.1", (await TestVerifier.ReadAsync(document)).GetProperty("openapi").GetString());
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 900, "en")]
    public async Task The_page_shows_every_operation_and_code_without_a_script(string name, int width, int height, string locale)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = locale,
        });
        var page = await context.NewPageAsync();
        var refused = new List<string>();
        page.Console += (_, message) => refused.Add(message.Text);
        await page.GotoAsync($"{_verifier.Url}/api");

        var text = await page.InnerTextAsync("main");
        Assert.All(Operations(), one => Assert.Contains($"{one.Method} {one.Path}", text, StringComparison.Ordinal));
        Assert.All(Operations().SelectMany(one => Codes(one.Json)), code => Assert.Contains(code, text, StringComparison.Ordinal));
        Assert.Contains(locale == "ko" ? "매개변수" : "Parameters", text, StringComparison.Ordinal);
        Assert.Empty(refused);
        if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"api-{name}.png") });
            await page.Locator("#createVerification").ScreenshotAsync(new LocatorScreenshotOptions { Path = Path.Combine(folder, $"api-{name}-create.png") });
        }
        Assert.Empty(await Browser.SeriousFindingsAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }

    private static IEnumerable<(string Method, string Path, JsonElement Json)> Operations() =>
        from path in ApiDocument.Json.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (method.Name.ToUpperInvariant(), path.Name, method.Value);

    private static IEnumerable<string> Constants(Type codes) => codes
        .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(field => field.IsLiteral && field.FieldType == typeof(string))
        .Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Codes(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member.Name == "x-codes" ? member.Value.EnumerateArray().Select(code => code.GetString()!) : Codes(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Codes),
        _ => [],
    };

    /// <summary>The status is documented, a problem's code with it, and a body has the members of its schema.</summary>
    private static async Task<JsonElement> AssertDocumentedAsync(JsonElement operation, HttpResponseMessage answer, HttpStatusCode status)
    {
        var what = operation.GetProperty("operationId").GetString();
        Assert.Equal((what, status), (what, answer.StatusCode));
        var documented = ApiDocument.Resolve(operation.GetProperty("responses").GetProperty(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var json = await TestVerifier.ReadAsync(answer);
        if (answer.Content.Headers.ContentType!.MediaType == "application/problem+json")
        {
            Assert.Contains(TestVerifier.Text(json, "code"), documented.GetProperty("x-codes").EnumerateArray().Select(code => code.GetString()));
            AssertFits(json, ApiDocument.Json.GetProperty("components").GetProperty("schemas").GetProperty("Problem"));
        }
        else
        {
            AssertFits(json, documented.GetProperty("content").GetProperty(answer.Content.Headers.ContentType.MediaType!).GetProperty("schema"));
        }
        return json;
    }

    /// <summary>Members that the schema does not have, or that it requires and are not there, are found; as deep as the schema goes.</summary>
    private static void AssertFits(JsonElement value, JsonElement schema)
    {
        schema = ApiDocument.Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var options))
        {
            if (value.ValueKind != JsonValueKind.Null)
                AssertFits(value, options[0]);
            return;
        }
        if (schema.TryGetProperty("enum", out var allowed))
            Assert.Contains(value.GetString(), allowed.EnumerateArray().Select(one => one.GetString()));
        var properties = Properties(schema);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            Assert.All(value.EnumerateArray(), item => AssertFits(item, items));
        if (value.ValueKind != JsonValueKind.Object || properties.Count == 0)
            return;
        Assert.Empty(value.EnumerateObject().Select(member => member.Name).Except(properties.Keys));
        if (schema.TryGetProperty("required", out var required))
            Assert.Empty(required.EnumerateArray().Select(name => name.GetString()!).Except(value.EnumerateObject().Select(member => member.Name)));
        foreach (var member in value.EnumerateObject())
            AssertFits(member.Value, properties[member.Name]);
    }

    private static Dictionary<string, JsonElement> Properties(JsonElement schema) => schema.TryGetProperty("allOf", out var all)
        ? all.EnumerateArray().SelectMany(one => Properties(ApiDocument.Resolve(one))).ToDictionary()
        : schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(one => one.Name, one => one.Value) : [];
}
