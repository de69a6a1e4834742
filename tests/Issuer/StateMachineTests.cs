using System.Net;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using FsCheck.Xunit;

namespace Credentials.Issuer.Tests;

/// <summary>Any sequence of moves of agency, wallets, time and the machine itself, against a model that is a few dictionaries.</summary>
public class StateMachineTests
{
    private const int MaxMoves = 24;

    [Property(MaxTest = 5)]
    public async Task The_issuer_does_what_the_model_says_whatever_the_order_and_over_restarts(byte[] moves)
    {
        using var folder = new TempFolder();
        await using var run = await Run.StartAsync(folder.FullPath);
        foreach (var move in moves.Take(MaxMoves)) await run.MoveAsync(move);
        await run.CompareAsync();
        await run.RestartAsync();
        await run.CompareAsync();
    }

    // Every move at least once, whatever FsCheck comes up with.
    [Fact]
    public async Task Every_move_agrees_with_the_model()
    {
        using var folder = new TempFolder();
        await using var run = await Run.StartAsync(folder.FullPath);
        byte[] moves = [0, 2, 4, 5, 9, 0, 1, 3, 3, 2, 4, 4, 9, 6, 22, 38, 5, 0, 8, 2, 0, 2, 7, 4, 9, 5];
        foreach (var move in moves) await run.MoveAsync(move);
        await run.CompareAsync();
        Assert.Equal(10, run.Moved.Count);
    }

    private sealed class ModelOffer(MadeOffer made, bool hasTxCode, DateTimeOffset ends)
    {
        public MadeOffer Made { get; } = made;

        public bool HasTxCode { get; } = hasTxCode;

        public string State { get; set; } = "created";

        public DateTimeOffset Ends { get; set; } = ends;

        public int WrongCodes { get; set; }

        public string? Token { get; set; }

        public string StateAt(DateTimeOffset now) => State is "created" or "redeemed" && Ends <= now ? "expired" : State;
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly TestClock _clock;
        private readonly IssuerOptions _options = new();
        private readonly List<ModelOffer> _offers = [];
        private readonly List<string> _statuses = [];
        private readonly List<string> _ids = [];
        private readonly string _url;
        private readonly string _apiKey;
        private RunningIssuer _issuer;

        private Run(string folder, RunningIssuer issuer, TestClock clock) =>
            (_folder, _issuer, _clock, _url, _apiKey) = (folder, issuer, clock, issuer.Url, issuer.ApiKey);

        public HashSet<int> Moved { get; } = [];

        public static async Task<Run> StartAsync(string folder)
        {
            var clock = new TestClock();
            return new Run(folder, await RunningIssuer.StartAsync(folder, clock: clock), clock);
        }

        /// <summary>One move: the last digit says which, the rest on what.</summary>
        public async Task MoveAsync(byte move)
        {
            Moved.Add(move % 10);
            var at = move / 10;
            var offer = _offers.Count > 0 ? _offers[^(1 + (at % _offers.Count))] : null;
            switch (move % 10)
            {
                case 0 or 1:
                    var made = await _issuer.OfferAsync(txCode: move % 10 == 1);
                    _offers.Add(new ModelOffer(made, move % 10 == 1, _clock.Now + _options.OfferLifetime));
                    break;
                case 2 when offer is not null:
                    await RedeemAsync(offer, offer.Made.TxCode, isRight: true);
                    break;
                case 3 when offer is not null:
                    await RedeemAsync(offer, "wrong", isRight: false);
                    break;
                case 4 when offer is not null:
                    await IssueAsync(offer);
                    break;
                case 5 when offer is not null:
                    await CancelAsync(offer);
                    break;
                case 6 when _ids.Count > 0:
                    await ChangeStatusAsync(at % _ids.Count, (at % 3) switch { 0 => "suspended", 1 => "revoked", _ => "valid" });
                    break;
                case 7:
                    _clock.Advance(_options.AccessTokenLifetime);
                    break;
                case 8:
                    _clock.Advance(_options.OfferLifetime);
                    break;
                case 9:
                    await RestartAsync();
                    break;
            }
        }

        public async Task RestartAsync()
        {
            await _issuer.DisposeAsync();
            _issuer = await RunningIssuer.StartAsync(_folder, publicUrl: _url, clock: _clock, apiKey: _apiKey);
        }

        /// <summary>Everything that can be seen from outside.</summary>
        public async Task CompareAsync()
        {
            foreach (var offer in _offers) Assert.Equal(offer.StateAt(_clock.Now), await _issuer.StateAsync(offer.Made.Id));
            var register = (await _issuer.RegisterAsync()).ToDictionary(row => row.RequireString("id"));
            Assert.Equal(_ids.Order(), register.Keys.Order());
            Assert.Equal(_ids.Select((id, i) => (id, _statuses[i])), _ids.Select(id => (id, register[id].RequireString("status"))));
            Assert.Equal(_ids.Count, register.Values.Select(row => (row.RequireString("status_list"), row.RequireIndex("status_index"))).Distinct().Count());
            foreach (var list in register.Values.GroupBy(row => row.RequireString("status_list")))
            {
                var served = StatusListToken.Parse(await _issuer.Http.GetStringAsync($"/status/{list.Key}", RunningIssuer.Ct)).UnverifiedList;
                var expected = list.ToDictionary(row => (int)row.RequireIndex("status_index"), row => row.RequireString("status") switch { "valid" => 0, "revoked" => 1, _ => 2 });
                Assert.All(expected, entry => Assert.Equal(entry.Value, served[entry.Key]));
                Assert.Equal(expected.Values.Count(value => value != 0), Enumerable.Range(0, served.Size).Count(i => served[i] != 0));
            }
        }

        public ValueTask DisposeAsync() => _issuer.DisposeAsync();

        private async Task RedeemAsync(ModelOffer offer, string? code, bool isRight)
        {
            using var response = await _issuer.TokenAsync(offer.Made.Code, code);
            var isOpen = offer.StateAt(_clock.Now) == "created";
            // A wrong code is charged; one where none is expected is not, and is refused all the same.
            if (isOpen && offer.HasTxCode) offer.WrongCodes++;
            if (isOpen && isRight)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                (offer.State, offer.Ends) = ("redeemed", _clock.Now + _options.AccessTokenLifetime);
                offer.Token = OpenId4Vci.TokenResponse.Parse(await RunningIssuer.JsonAsync(response)).AccessToken;
                return;
            }

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            if (isOpen && offer.HasTxCode && offer.WrongCodes >= _options.MaxTxCodeFailures) offer.State = "cancelled";
        }

        private async Task IssueAsync(ModelOffer offer)
        {
            var before = (await _issuer.RegisterAsync()).Select(row => row.RequireString("id")).ToHashSet();
            var proof = await Proofs.MakeAsync(Proofs.NewKey(), _url, await _issuer.NonceAsync(), _clock.Now);
            using var response = await _issuer.CredentialAsync(offer.Token ?? "none", [proof]);
            var added = (await _issuer.RegisterAsync()).Select(row => row.RequireString("id")).Where(id => !before.Contains(id)).ToList();
            if (offer.StateAt(_clock.Now) == "redeemed")
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                offer.State = "issued";
                _ids.Add(Assert.Single(added));
                _statuses.Add("valid");
                return;
            }

            Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, response.StatusCode.ToString());
            Assert.Empty(added);
        }

        private async Task CancelAsync(ModelOffer offer)
        {
            using var response = await _issuer.AgencyAsync(HttpMethod.Delete, $"/agency/v1/offers/{offer.Made.Id}");
            // An offer that ran out may still be marked as cancelled until the clean-up has marked it as expired.
            if (offer.State == "created" && response.StatusCode == HttpStatusCode.NoContent) offer.State = "cancelled";
            else Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            if (offer.StateAt(_clock.Now) == "created") Assert.Fail("An open offer could not be cancelled.");
        }

        private async Task ChangeStatusAsync(int index, string status)
        {
            using var response = await _issuer.ChangeStatusAsync(_ids[index], status);
            if (_statuses[index] == "revoked" && status != "revoked")
            {
                Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
                return;
            }

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            _statuses[index] = status;
        }
    }
}
