using Credentials.Codecs;
using Credentials.Dids;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

public class HolderProofTests
{
    [Theory]
    [InlineData("""["a"]""", "/a")]
    [InlineData("""["a","b~/c"]""", "/a/b~0~1c")]
    [InlineData("""["list",1]""", "/list/1")]
    [InlineData("""["list",null]""", "/list/0 /list/1")]
    [InlineData("""["list",null,"x"]""", "/list/1/x")]
    [InlineData("""["list",2]""", "")]
    [InlineData("""["none"]""", "")]
    [InlineData("""["a",0]""", "")]
    public void A_claims_path_becomes_the_pointers_to_what_it_selects(string path, string pointers)
    {
        var document = StrictJson.Parse("""{"a":{"b~/c":1},"list":[1,{"x":2}]}""");
        Assert.Equal(pointers, string.Join(' ', HolderProof.PointersTo(document, ClaimPath.ParseText(path))));
    }

    [Theory]
    [InlineData("https://issuer.example", "did:web:issuer.example")]
    [InlineData("https://issuer.example/tenants/a", "did:web:issuer.example:tenants:a")]
    [InlineData("http://localhost:5101", "did:web:localhost%3A5101")]
    [InlineData("https://192.0.2.1", null)]
    [InlineData("https://[::1]", null)]
    [InlineData("https://issuer.example/a%20b", null)]
    public void A_url_has_a_did_where_did_web_has_a_name_for_it(string url, string? did) => Assert.Equal(did, DidWeb.Find(new Uri(url)));

    [Fact]
    public void The_key_of_an_identifier_that_is_one_is_found()
    {
        Assert.Equal(HolderKey.PublicKey, SelfCertifying.FindKey(Holder));
        Assert.Equal(HolderKey.PublicKey, SelfCertifying.FindKey(DidJwk.Create(HolderKey.PublicKey)));
        foreach (var other in (string[])["did:web:holder.example", "did:key:zzz", "did:jwk:e30", "https://holder.example", ""]) Assert.Null(SelfCertifying.FindKey(other));
    }
}
