using Credentials.Keys;
using Credentials.Keys.Pkcs11;
using Credentials.Tests.Shared;
using Net.Pkcs11Interop.Common;

namespace Credentials.Tests.Keys;

/// <summary>Keys in a token of SoftHSM.</summary>
[Collection(SoftHsm.Collection)]
public class Pkcs11TokenTests
{
    private static readonly byte[] _data = "signed in the token"u8.ToArray();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> EcdsaAlgorithms => ["ES256", "ES384", "ES512"];

    [Theory]
    [MemberData(nameof(EcdsaAlgorithms))]
    public async Task A_key_of_the_token_signs_and_is_found_again(string name)
    {
        var algorithm = SignatureAlgorithm.FromJose(name)!;
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var token = Open(hsm);
        var made = await token.GenerateAsync(algorithm, "signer", Ct);
        Assert.Equal(algorithm, made.PublicKey.Algorithm);
        await AssertSignsAsync(made);

        using var other = Open(hsm);
        await AssertSignsAsync(other.GetKey(made.Id, made.PublicKey));
        Assert.Equal([made.Id], await other.ListAsync("signer", Ct));
        Assert.Empty(await other.ListAsync("another", Ct));
        Assert.True(await other.ContainsAsync(made.Id, Ct));
    }

    [Fact]
    public async Task The_token_itself_says_that_the_private_key_never_leaves_it()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var token = Open(hsm);
        var made = await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct);
        using var opinion = SecondOpinion.On(hsm);
        Assert.Equal(2, opinion.Count(hsm));
        bool[] flags = [.. opinion.ReadPrivateKey(
            hsm, made.Id, CKA.CKA_SENSITIVE, CKA.CKA_ALWAYS_SENSITIVE, CKA.CKA_NEVER_EXTRACTABLE, CKA.CKA_PRIVATE, CKA.CKA_TOKEN, CKA.CKA_SIGN, CKA.CKA_EXTRACTABLE).Select(one => one.GetValueAsBool())];
        Assert.Equal([true, true, true, true, true, true, false], flags);
        Assert.True(opinion.ReadPrivateKey(hsm, made.Id, CKA.CKA_VALUE).Single().CannotBeRead);
        await token.DeleteAsync(made.Id, Ct);
        Assert.Equal(0, opinion.Count(hsm));
    }

    [Fact]
    public async Task A_key_that_was_removed_is_missing_and_others_sign_on()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var token = Open(hsm);
        var (kept, removed) = (await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct), await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct));
        await AssertSignsAsync(removed);
        using (var other = SecondOpinion.On(hsm))
            other.Destroy(hsm, removed.Id);
        // Whether the key is gone or the whole token is told apart by starting the library anew, which happens once a second at most.
        await UntilAsync(async () => await CodeAsync(removed) == KeyCodes.TokenKeyMissing);
        await UntilAsync(() => IsTrueAsync(async () => !await token.ContainsAsync(removed.Id, Ct)));
        await UntilAsync(() => IsTrueAsync(async () =>
        {
            await token.DeleteAsync(removed.Id, Ct);
            return true;
        }));
        await AssertSignsAsync(kept);
        Assert.Equal([kept.Id], await token.ListAsync("signer", Ct));
    }

    [Fact]
    public async Task A_wrong_PIN_is_told_and_tried_once_and_the_right_one_is_taken_up_without_a_restart()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        var pin = (string?)null;
        using var token = new Pkcs11Token(Options(hsm) with { Pin = () => pin });
        Assert.Equal(KeyCodes.TokenPin, (await Assert.ThrowsAsync<KeyUnavailableException>(() => token.CheckAsync(Ct))).Code);
        pin = "1234";
        var first = await Assert.ThrowsAsync<KeyUnavailableException>(() => token.CheckAsync(Ct));
        Assert.Equal(KeyCodes.TokenPin, first.Code);
        Assert.IsType<CryptokiException>(first.InnerException);
        // The token is not asked again: it would lock itself.
        var again = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<KeyUnavailableException>(() => token.CheckAsync(Ct))));
        Assert.All(again, e => Assert.Equal((KeyCodes.TokenPin, null), (e.Code, e.InnerException)));
        Assert.DoesNotContain("1234", first.ToString(), StringComparison.Ordinal);
        pin = hsm.Pin;
        await AssertSignsAsync(await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct));
    }

    [Theory]
    [InlineData(0xA4, KeyCodes.TokenPinLocked)]
    [InlineData(0xA3, KeyCodes.TokenPin)]
    [InlineData(0x32, KeyCodes.TokenUnavailable)]
    [InlineData(0xE0, KeyCodes.TokenUnavailable)]
    [InlineData(0xB1, KeyCodes.TokenUnavailable)]
    [InlineData(0x60, KeyCodes.TokenKeyMissing)]
    [InlineData(0x70, KeyCodes.TokenRefused)]
    [InlineData(0x80000001, KeyCodes.TokenRefused)]
    public void Each_answer_of_a_token_has_a_code(ulong answer, string code) => Assert.Equal(code, new CryptokiException("C_Login", answer).ToKeyUnavailable().Code);

    [Theory]
    [InlineData(0x0040C, null)]
    [InlineData(0x1040C, null)]
    [InlineData(0x3040C, KeyCodes.TokenPin)]
    [InlineData(0x4040C, KeyCodes.TokenPinLocked)]
    public void The_last_try_before_a_token_locks_itself_is_left_to_people(ulong flags, string? code)
    {
        var refusal = Record.Exception(() => TokenPin.RequireTries(flags));
        Assert.Equal(code, (refusal as KeyUnavailableException)?.Code);
        Assert.Equal(code is null, refusal is null);
    }

    [Fact]
    public async Task A_token_that_is_pulled_out_under_load_is_told_and_used_again_when_it_is_back()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var token = Open(hsm);
        var key = await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct);
        await UnderLoadAsync(key, async () =>
        {
            hsm.Remove();
            await UntilAsync(async () => await CodeAsync(key) == KeyCodes.TokenUnavailable);
            Assert.NotNull(await CodeAsync(key));
            hsm.PutBack();
            await UntilAsync(async () => await CodeAsync(key) is null);
        });
        await AssertSignsAsync(key);
    }

    [Fact]
    public async Task Another_user_of_the_library_that_finalises_it_disturbs_nobody()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var token = Open(hsm);
        var key = await token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct);
        for (var time = 0; time < 5; time++)
        {
            // While no call runs: the standard leaves open what happens to those that do.
            SecondOpinion.On(hsm).Dispose();
            await AssertSignsAsync(key);
        }
    }

    [Fact]
    public async Task A_token_that_hangs_holds_its_own_threads_only_and_everybody_gets_an_answer_in_time()
    {
        const int Sessions = 3;
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var hangs = new ManualResetEventSlim(initialState: true);
        var (inside, most) = (0, 0);
        using var token = new Pkcs11Token(
            Options(hsm) with { MaxSessions = Sessions, Timeout = TimeSpan.FromSeconds(1) },
            () =>
            {
                lock (hangs) most = Math.Max(most, ++inside);
                hangs.Wait(Ct);
                lock (hangs) inside--;
            });
        using var patient = Open(hsm);
        var made = await patient.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct);
        var key = token.GetKey(made.Id, made.PublicKey);
        hangs.Reset();
        using var released = new Release(hangs);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = key.SignAsync(_data, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var codes = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => CodeAsync(key)));
        // All were answered, and it hangs on.
        Assert.All(codes, code => Assert.Equal(KeyCodes.TokenTimeout, code));
        Assert.InRange(most, 1, Sessions);
        hangs.Set();
        await UntilAsync(async () => await CodeAsync(key) is null);
        await AssertSignsAsync(key);
    }

    [Fact]
    public async Task A_key_that_is_made_when_nobody_waits_for_it_any_more_is_destroyed()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        using var hangs = new ManualResetEventSlim();
        using var released = new Release(hangs);
        using var token = new Pkcs11Token(Options(hsm) with { MaxSessions = 1, Timeout = TimeSpan.FromMilliseconds(500) }, () => hangs.Wait(Ct));
        Assert.Equal(
            KeyCodes.TokenTimeout, (await Assert.ThrowsAsync<KeyUnavailableException>(() => token.GenerateAsync(SignatureAlgorithm.Es256, "signer", Ct))).Code);
        hangs.Set();
        using var other = Open(hsm);
        await UntilAsync(() => IsTrueAsync(async () => (await token.ListAsync("another", Ct)).Count == 0));
        Assert.Empty(await other.ListAsync("signer", Ct));
    }

    [Fact]
    public async Task What_is_no_token_is_told()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Ct);
        async Task<string> CodeOfAsync(Pkcs11Options options)
        {
            using var token = new Pkcs11Token(options);
            return (await Assert.ThrowsAsync<KeyUnavailableException>(() => token.CheckAsync(Ct))).Code;
        }

        Assert.Equal(KeyCodes.TokenUnavailable, await CodeOfAsync(Options(hsm) with { TokenLabel = "no such token" }));
        Assert.Equal(KeyCodes.TokenUnavailable, await CodeOfAsync(Options(hsm) with { ModulePath = "/nowhere/libnothing.so" }));
        Assert.Equal(KeyCodes.TokenUnavailable, await CodeOfAsync(Options(hsm) with { ModulePath = "libc.so.6" }));
        var gone = Open(hsm);
        gone.Dispose();
        Assert.Equal(KeyCodes.TokenUnavailable, (await Assert.ThrowsAsync<KeyUnavailableException>(() => gone.CheckAsync(Ct))).Code);
        Assert.Throws<MalformedDataException>(() => gone.GetKey("not hexadecimal", SoftwareKey));
        await Assert.ThrowsAsync<NotSupportedCredentialException>(() => gone.GenerateAsync(SignatureAlgorithm.EdDsa, "signer", Ct));
    }

    [Fact]
    public void A_public_point_is_read_with_and_without_its_octet_string_and_nothing_else_is()
    {
        byte[] point = [4, .. SoftwareKey.X, .. SoftwareKey.Y];
        Assert.Equal(SoftwareKey, CryptokiSession.ParsePoint(SignatureAlgorithm.Es256, point));
        Assert.Equal(SoftwareKey, CryptokiSession.ParsePoint(SignatureAlgorithm.Es256, [4, 65, .. point]));
        byte[][] wrong = [[], [4], [4, 65, .. point[..^1]], [4, 65, 2, .. point[1..]], [4, 65, 4, .. new byte[64]], [.. point[..^1], (byte)(point[^1] ^ 1)], [3, 65, .. point]];
        Assert.All(wrong, value => Assert.Equal(
            KeyCodes.TokenRefused, Assert.Throws<KeyUnavailableException>(() => CryptokiSession.ParsePoint(SignatureAlgorithm.Es256, value)).Code));
    }

    private static PublicKey SoftwareKey { get; } = Credentials.Keys.Software.SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).PublicKey;

    private static Pkcs11Token Open(SoftHsmToken hsm) => new(Options(hsm));

    private static Pkcs11Options Options(SoftHsmToken hsm) => new() { ModulePath = SoftHsm.ModulePath, TokenLabel = hsm.Label, Pin = () => hsm.Pin, Timeout = TimeSpan.FromMinutes(1) };

    private static async Task AssertSignsAsync(ISigningKey key)
    {
        var signature = await key.SignAsync(_data, Ct);
        Assert.True(key.PublicKey.Verify(_data, signature));
    }

    /// <summary>Why the key does not sign; null: it does.</summary>
    private static async Task<string?> CodeAsync(ISigningKey key)
    {
        try
        {
            await AssertSignsAsync(key);
            return null;
        }
        catch (KeyUnavailableException e)
        {
            return e.Code;
        }
    }

    private static async Task<bool> IsTrueAsync(Func<Task<bool>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KeyUnavailableException)
        {
            return false;
        }
    }

    private static async Task UnderLoadAsync(ISigningKey key, Func<Task> meanwhile)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                // Any answer is right that is a signature or has a code.
                while (!over.IsCancellationRequested)
                    await CodeAsync(key);
            },
            Ct)).ToList();
        await meanwhile();
        await over.CancelAsync();
        await Task.WhenAll(load);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        guard.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
            await Task.Delay(50, guard.Token);
    }

    /// <summary>A test that fails leaves no thread in the module, where it would keep others from starting it anew.</summary>
    private sealed class Release(ManualResetEventSlim hangs) : IDisposable
    {
        public void Dispose() => hangs.Set();
    }
}
