using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.X509;
using FsCheck.Xunit;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>What the issuer makes, and what the holder shows of it.</summary>
public class IssuingTests
{
    [Fact]
    public async Task An_issued_credential_verifies_and_shows_every_claim_with_all_disclosures()
    {
        var text = await IssueAsync(content => content with { Certificates = [IssuerCertificate, Authority.Certificate] });
        var credential = SdJwtCredential.Parse(text);

        Assert.Equal("dc+sd-jwt", credential.IssuerJwt.Type);
        Assert.Equal(IssuerCertificate.Thumbprint, Assert.Single(X5c.Of(credential.IssuerJwt)!).Thumbprint);
        var claims = StrictJson.ToNode(await AcceptAsync(text, Expected with { Trust = RootTrust }))!.AsObject();
        foreach (var name in new[] { "vct", "iat", "exp", "cnf" }) Assert.True(claims.Remove(name));
        Assert.True(JsonNode.DeepEquals(SampleClaims(), claims), claims.ToJsonString());
    }

    [Fact]
    public async Task Withheld_claims_leave_no_trace_in_the_issuers_token()
    {
        var jwt = SdJwtCredential.Parse(await IssueAsync()).IssuerJwt;

        var payload = System.Text.Encoding.UTF8.GetString(jwt.Payload.Span);
        foreach (var hidden in new[] { "민준", "Kim", "Seoul", "Sejong", "licence\"", "11-26", "Seo-yeon" })
            Assert.DoesNotContain(hidden, payload, StringComparison.Ordinal);
        Assert.Contains("\"country\":\"KR\"", payload, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "SDJ-10")]
    public async Task Salts_are_128_bits_and_never_repeat()
    {
        // A hundred thousand: enough to see a counter, a reused seed or a short salt, and quick.
        var salts = new HashSet<string>(StringComparer.Ordinal);
        var list = new JsonArray([.. Enumerable.Range(0, 500).Select(i => (JsonNode)i)]);
        for (var i = 0; i < 200; i++)
        {
            var text = await IssueAsync(content => content with
            {
                Claims = new JsonObject { ["list"] = list.DeepClone() },
                Disclosable = [ClaimPath.ParseText("list.*")],
            });
            foreach (var part in text.Split('~')[1..^1])
            {
                var salt = Disclosure.Parse(part).Salt;
                Assert.Equal(16, StrictBase64Url.Decode(salt, "test.salt").Length);
                Assert.True(salts.Add(salt));
            }
        }

        Assert.Equal(100_000, salts.Count);
    }

    [Theory]
    [Trait("Row", "PRV-01")]
    [InlineData(0, 0)]
    [InlineData(0, 86_399)]
    [InlineData(17, 40_000)]
    public async Task Times_of_credentials_of_one_day_do_not_tell_them_apart(int first, int second)
    {
        var day = new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(await TimesAsync(day.AddSeconds(first)), await TimesAsync(day.AddSeconds(second)));
        Assert.NotEqual(await TimesAsync(day.AddSeconds(first)), await TimesAsync(day.AddDays(1)));

        static async Task<string> TimesAsync(DateTimeOffset now)
        {
            var text = await IssueAsync(content => content with { IssuedAt = now, NotBefore = now, ExpiresAt = now.AddDays(90).AddSeconds(1) });
            var payload = SdJwtCredential.Parse(text).IssuerJwt.PayloadObject;
            Assert.True(payload.GetProperty("exp").GetInt64() >= now.AddDays(90).ToUnixTimeSeconds());
            return $"{payload.GetProperty("iat")} {payload.GetProperty("nbf")} {payload.GetProperty("exp")}";
        }
    }

    [Fact]
    [Trait("Row", "PRV-02")]
    public async Task Digests_do_not_show_the_order_of_the_claims_nor_which_are_decoys()
    {
        var credential = SdJwtCredential.Parse(await IssueAsync(content => content with
        {
            Claims = new JsonObject([.. Enumerable.Range(0, 40).Select(i => KeyValuePair.Create($"c{i}", (JsonNode?)i))]),
            Disclosable = [.. Enumerable.Range(0, 40).Select(i => ClaimPath.Of($"c{i}"))],
            Decoys = 20,
        }));

        var digests = credential.IssuerJwt.PayloadObject.GetProperty("_sd").EnumerateArray().Select(digest => digest.GetString()!).ToList();
        Assert.Equal(60, digests.Count);
        Assert.Equal(digests.Order(StringComparer.Ordinal), digests);
        Assert.All(digests, digest => Assert.Equal(43, digest.Length));
        var inClaimOrder = credential.Disclosures.Select(disclosure => disclosure.Digest(DisclosureHash.Sha256)).ToList();
        Assert.NotEqual(inClaimOrder, digests.Where(inClaimOrder.Contains));
    }

    [Fact]
    public async Task Decoys_of_arrays_come_last_so_that_elements_keep_their_places()
    {
        var text = await IssueAsync(content => content with { Decoys = 3 });
        var credential = SdJwtCredential.Parse(text);

        Assert.Equal(5, credential.IssuerJwt.PayloadObject.GetProperty("members").GetArrayLength());
        Assert.Equal(2, (await AcceptAsync(text)).GetProperty("members").GetArrayLength());
    }

    [Fact]
    public async Task Arrays_without_digests_get_no_decoys()
    {
        var text = await IssueAsync(content => content with { Claims = Node("""{"list":["a"],"b":1}""")!.AsObject(), Disclosable = [ClaimPath.Of("b")], Decoys = 3 });
        Assert.Equal(1, SdJwtCredential.Parse(text).IssuerJwt.PayloadObject.GetProperty("list").GetArrayLength());
    }

    [Fact]
    public async Task The_hash_algorithm_is_named_where_there_are_digests()
    {
        async Task<string?> NamedAsync(DisclosureHash hash, params IReadOnlyList<ClaimPath> disclosable)
        {
            var text = await IssueAsync(content => content with { Hash = hash, Disclosable = disclosable });
            await AcceptAsync(text);
            return SdJwtCredential.Parse(text).IssuerJwt.PayloadObject.OptionalString("_sd_alg");
        }

        Assert.Equal("sha-256", await NamedAsync(DisclosureHash.Sha256, ClaimPath.Of("country")));
        Assert.Equal("sha-384", await NamedAsync(DisclosureHash.Sha384, ClaimPath.ParseText("members.*")));
        Assert.Equal("sha-512", await NamedAsync(DisclosureHash.Sha512, ClaimPath.Of("given_name")));
        Assert.Null(await NamedAsync(DisclosureHash.Sha512));
    }

    [Fact]
    public async Task Status_seconds_and_null_are_written_as_given()
    {
        var status = new StatusReference("https://status.example/1", 7);
        var payload = SdJwtCredential.Parse(await IssueAsync(content => content with
        {
            Claims = new JsonObject { ["middle_name"] = null },
            Disclosable = [],
            Status = status,
            IssuedAt = Now.AddSeconds(5),
            TimeGranularity = TimeSpan.Zero,
        })).IssuerJwt.PayloadObject;

        AssertJson(StrictJson.ToElement(status.ToJson()), payload.GetProperty("status"));
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("middle_name").ValueKind);
        Assert.Equal(Now.AddSeconds(5).ToUnixTimeSeconds(), payload.GetProperty("iat").GetInt64());
    }

    // The payload is the first of 32 levels, and of a disclosure the array.
    [Theory]
    [Trait("Row", "JSN-07")]
    [InlineData("[", "]", null)]
    [InlineData("[", "]", "a")]
    [InlineData("[", "]", "a.*")]
    [InlineData("{\"a\":", "}", null)]
    [InlineData("{\"a\":", "}", "a")]
    [InlineData("{\"a\":", "}", "a.a")]
    public async Task Claims_are_as_deep_as_a_verifier_reads(string open, string close, string? disclosable)
    {
        Task<string> NestedAsync(int levels) => IssueAsync(content => content with
        {
            Claims = new JsonObject { ["a"] = Node($"{string.Concat(Enumerable.Repeat(open, levels))}{(open == "[" ? "" : "1")}{string.Concat(Enumerable.Repeat(close, levels))}") },
            Disclosable = disclosable is null ? [] : [ClaimPath.ParseText(disclosable)],
        });
        await AcceptAsync(await NestedAsync(31));
        Assert.Equal(SdJwtCodes.TooDeep, (await Assert.ThrowsAsync<MalformedDataException>(() => NestedAsync(32))).Code);
    }

    [Theory]
    [InlineData("list.0", "list.0")]
    [InlineData("list.0 list.*", "list.0 list.1")]
    [InlineData("list.0 list.*.b", "list.0 list.0.b list.1.b")]
    [InlineData("list.* list.0.b", "list.0 list.0.b list.1")]
    [InlineData("list.0.a list.*.b", "list.0.a list.0.b list.1.b")]
    [InlineData("grid.0.0 grid.*.0.a", "grid.0.0 grid.0.0.a grid.1.0.a")]
    [InlineData("grid.0.*.a grid.*.*.b", "grid.0.0.a grid.0.0.b grid.1.0.b")]
    public async Task Paths_of_one_element_and_of_all_add_up(string disclosable, string disclosed)
    {
        var text = await IssueAsync(content => content with
        {
            Claims = Node("""{"list":[{"a":1,"b":2},{"a":3,"b":4}],"grid":[[{"a":1,"b":2}],[{"a":3,"b":4}]]}""")!.AsObject(),
            Disclosable = [.. disclosable.Split(' ').Select(ClaimPath.ParseText)],
        });
        await AcceptAsync(text);
        Assert.Equal(
            disclosed.Split(' ').Select(path => ClaimPath.ParseText(path).ToString()).Order(StringComparer.Ordinal),
            SdJwtCredential.Parse(text).ProcessUnverified().Disclosed.Select(claim => claim.Path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_of_paths_that_has_changed_is_read_again()
    {
        List<ClaimPath> paths = [ClaimPath.Of("given_name")];
        async Task<IEnumerable<string?>> DisclosedAsync() =>
            SdJwtCredential.Parse(await IssueAsync(content => content with { Disclosable = paths })).Disclosures.Select(disclosure => disclosure.Name);

        Assert.Equal(["given_name"], await DisclosedAsync());
        paths[0] = ClaimPath.Of("family_name");
        Assert.Equal(["family_name"], await DisclosedAsync());
        paths.Add(ClaimPath.Of("country"));
        Assert.Equal(["family_name", "country"], await DisclosedAsync());
        paths.Clear();
        Assert.Empty(await DisclosedAsync());
    }

    [Theory]
    [Trait("Row", "SDJ-24")]
    [InlineData("vct")]
    [InlineData("iss")]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("cnf.jwk")]
    [InlineData("status.status_list")]
    [InlineData("aka_vcts.*")]
    public async Task The_issuer_refuses_to_make_a_claim_disclosable_that_decides_on_validity(string path) =>
        await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(content => content with { Disclosable = [ClaimPath.ParseText(path)] }));

    [Theory]
    [Trait("Row", "SDJ-07")]
    [InlineData("""{"_sd":[]}""")]
    [InlineData("""{"a":{"...":"x"}}""")]
    [InlineData("""{"a":[{"_sd_alg":"x"}]}""")]
    public async Task The_issuer_refuses_claims_with_reserved_names(string claims)
    {
        var e = await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(content => content with { Claims = Node(claims)!.AsObject(), Disclosable = [] }));
        Assert.Equal(SdJwtCodes.ClaimNameReserved, e.Code);
    }

    [Fact]
    public async Task The_issuer_refuses_what_contradicts_itself_or_would_be_too_much()
    {
        foreach (var claims in new[] { "{}", """{"vct":""}""", """{"vct":7}""" })
            await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(content => content with { Type = null, Claims = Node(claims)!.AsObject() }));
        await AcceptAsync(await IssueAsync(content => content with { Type = null, Claims = new JsonObject { ["vct"] = Vct } }));
        foreach (var twice in new[] { "vct", "iat", "nbf", "exp", "cnf", "status" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(content => content with
            {
                Claims = new JsonObject { [twice] = 1 },
                NotBefore = Now,
                Status = new StatusReference("https://status.example/1", 7),
            }));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(content => content with { Certificates = [Authority.Certificate] }));
        var many = new JsonArray([.. Enumerable.Range(0, 501).Select(i => (JsonNode)i)]);
        var e = await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(content => content with
        {
            Claims = new JsonObject { ["list"] = many },
            Disclosable = [ClaimPath.ParseText("list.*")],
        }));
        Assert.Equal(SdJwtCodes.TooManyDisclosures, e.Code);
        var large = new SdJwtContent { Type = Vct, Claims = new JsonObject { ["picture"] = new string('x', 256 * 1024) }, Disclosable = [ClaimPath.Of("picture")] };
        var ct = TestContext.Current.CancellationToken;
        foreach (var issue in new Func<Task<string>>[] { () => SdJwtIssuer.IssueAsync(large, IssuerKey, ct).AsTask(), () => SdJwtIssuer.IssueJsonAsync(large, [new SdJwtSigner(IssuerKey)], ct).AsTask() })
            Assert.Equal(SdJwtCodes.TooLarge, (await Assert.ThrowsAsync<MalformedDataException>(issue)).Code);
    }

    [Theory]
    [InlineData("""[]""", """{"country":"KR","address":{"region":"11"},"members":[]}""")]
    [InlineData("""["given_name"]""", """{"given_name":"민준","country":"KR","address":{"region":"11"},"members":[]}""")]
    [InlineData("""["address.city"]""", """{"country":"KR","address":{"city":"Seoul","region":"11"},"members":[]}""")]
    [InlineData("""["licence.number"]""", """{"country":"KR","address":{"region":"11"},"licence":{"number":"11-26-000001-01","issued":"2026-01-02","classes":[]},"members":[]}""")]
    [InlineData("""["licence"]""", """{"country":"KR","address":{"region":"11"},"licence":{"number":"11-26-000001-01","issued":"2026-01-02","classes":["B","C"]},"members":[]}""")]
    [InlineData("""["licence.classes.*"]""", """{"country":"KR","address":{"region":"11"},"licence":{"issued":"2026-01-02","classes":["B","C"]},"members":[]}""")]
    [InlineData("""["members.2"]""", """{"country":"KR","address":{"region":"11"},"members":[]}""")]
    [InlineData("""["members.*.age"]""", """{"country":"KR","address":{"region":"11"},"members":[{"age":7},{"age":4}]}""")]
    [InlineData("""["members.1.name"]""", """{"country":"KR","address":{"region":"11"},"members":[{"name":"Ji-ho","age":4}]}""")]
    [InlineData("""["members.0.nothing","nothing","given_name.x","members.9"]""", """{"country":"KR","address":{"region":"11"},"members":[]}""")]
    public async Task A_presentation_shows_the_selected_claims_what_leads_to_them_and_nothing_else(string paths, string expected)
    {
        var credential = SdJwtCredential.Parse(await IssueAsync());
        var selected = Json(paths).EnumerateArray().Select(path => ClaimPath.ParseText(path.GetString()!)).ToList();

        var text = await SdJwtPresenter.PresentAsync(credential, selected, new KeyBinding(Audience, Nonce, Now), HolderKey, TestContext.Current.CancellationToken);

        var claims = StrictJson.ToNode(await AcceptAsync(text, Bound))!.AsObject();
        foreach (var name in new[] { "vct", "iat", "exp", "cnf" }) claims.Remove(name);
        Assert.True(JsonNode.DeepEquals(Node(expected), claims), claims.ToJsonString());
    }

    // OpenID4VP 1.0 §7.1.1: a value of another kind ends the whole selection, a member that is missing only its branch.
    [Theory]
    [InlineData("""[{"name":"a"},{"age":1}]""", """[{"name":"a"}]""")]
    [InlineData("""[{"name":"a"},"b"]""", "[]")]
    public async Task A_path_shows_the_elements_that_have_what_it_names(string list, string shown)
    {
        var text = await IssueAsync(content => content with { Claims = new JsonObject { ["list"] = Node(list) }, Disclosable = [ClaimPath.ParseText("list.*")] });
        var selected = SdJwtPresenter.Select(SdJwtCredential.Parse(text), [ClaimPath.ParseText("list.*.name")]);
        AssertJson(shown, selected.UnverifiedClaims().GetProperty("list"));
    }

    [Fact]
    public async Task A_presentation_says_nothing_of_transaction_data_that_nobody_asked_for()
    {
        var credential = SdJwtCredential.Parse(await IssueAsync());
        var report = await VerifyAsync(await SdJwtPresenter.PresentAsync(credential, [], new KeyBinding(Audience, Nonce, Now), HolderKey, TestContext.Current.CancellationToken), Bound);
        Assert.Equal(CheckOutcome.NotApplicable, report.Checks.Single(check => check.Id == "transaction_data").Outcome);
    }

    [Fact]
    public async Task A_presentation_confirms_transaction_data()
    {
        var credential = SdJwtCredential.Parse(await IssueAsync());
        var binding = new KeyBinding(Audience, Nonce, Now) { TransactionData = ["eyJhIjoxfQ"], TransactionDataHash = DisclosureHash.Sha384 };
        var text = await SdJwtPresenter.PresentAsync(credential, [], binding, HolderKey, TestContext.Current.CancellationToken);
        var data = new ExpectedTransactionData("eyJhIjoxfQ", ["sha-384"]);

        await AcceptAsync(text, Bound with { KeyBinding = Bound.KeyBinding with { TransactionData = [data] } });
    }

    [Property(MaxTest = 60)]
    public async Task Whatever_subset_is_shown_is_exactly_what_the_verifier_sees(ulong disclosable, ulong shown, byte decoys)
    {
        var claims = new JsonObject([.. Enumerable.Range(0, 24).Select(i => KeyValuePair.Create($"c{i}", (JsonNode?)$"v{i}"))]);
        var credential = SdJwtCredential.Parse(await IssueAsync(content => content with
        {
            Claims = claims,
            Disclosable = [.. Paths(disclosable)],
            Decoys = decoys % 4,
        }));
        var text = await SdJwtPresenter.PresentAsync(credential, Paths(shown), new KeyBinding(Audience, Nonce, Now), HolderKey);

        var report = await SdJwtVerifier.VerifyAsync(text, Bound);

        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        var seen = verified.Claims.EnumerateObject().Select(claim => claim.Name).Where(name => name[0] == 'c' && name != "cnf").ToHashSet();
        var wanted = Enumerable.Range(0, 24).Where(i => !Has(disclosable, i) || Has(shown, i)).Select(i => $"c{i}").ToHashSet();
        Assert.True(wanted.SetEquals(seen), $"{string.Join(',', seen)} instead of {string.Join(',', wanted)}");

        static IEnumerable<ClaimPath> Paths(ulong bits) => Enumerable.Range(0, 24).Where(i => Has(bits, i)).Select(i => ClaimPath.Of($"c{i}"));
        static bool Has(ulong bits, int i) => (bits >> i & 1) == 1;
    }

    [Property(MaxTest = 300)]
    public async Task Verify_answers_any_text_with_a_report(string? text)
    {
        var report = await SdJwtVerifier.VerifyAsync(text ?? "", Bound);

        Assert.False(report.IsAccepted);
        Assert.Equal(SdJwtChecks.All, report.Checks.Select(check => check.Id));
    }
}
