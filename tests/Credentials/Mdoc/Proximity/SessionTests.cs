using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Session encryption and the order of messages, on both sides (ISO/IEC 18013-5 §9.1.1).</summary>
public class SessionTests
{
    private static readonly byte[] s_request = "request"u8.ToArray();
    private static readonly byte[] s_response = "response"u8.ToArray();

    [Fact]
    public async Task The_published_session_gives_the_published_keys_and_messages()
    {
        var (input, expect) = AnnexD.Session;
        using var reader = input.Key("ephemeral_reader_private_jwk");
        using var device = input.Key("ephemeral_device_private_jwk");
        var transcript = AnnexD.TranscriptOf(input);
        Assert.Equal(input.Bytes("session_transcript_bytes_hex"), transcript.ToEncodedCbor().Bytes);
        Assert.Equal(expect.Bytes("hkdf_salt_hex"), SHA256.HashData(transcript.ToEncodedCbor().Bytes.Span));
        foreach (var secret in new[] { await device.DeriveSecretAsync(reader.PublicKey, Ct), await reader.DeriveSecretAsync(device.PublicKey, Ct) })
        {
            Assert.Equal(expect.Bytes("ecdh_shared_secret_hex"), secret);
            var keys = SessionKeys.Derive(secret, transcript);
            Assert.Equal(expect.Bytes("sk_reader_hex"), keys.Reader);
            Assert.Equal(expect.Bytes("sk_device_hex"), keys.Device);
        }
    }

    [Fact]
    public async Task The_published_session_runs_through_both_state_machines_byte_for_byte()
    {
        var (input, expect) = AnnexD.Session;
        var select = HandoverSelect.Parse(input.Bytes("handover_select_hex"));
        var handover = select.ToHandover(HandoverRequest.Parse(input.Bytes("handover_request_hex")));
        using var holder = ProximityHolderSession.Begin(input.Key("ephemeral_device_private_jwk"), select.Engagement, handover);
        using var reader = await ProximityReaderSession.BeginAsync(input.Key("ephemeral_reader_private_jwk"), select.Engagement, handover, 1 << 20, Ct);

        Assert.Equal(input.Bytes("session_establishment_hex"), reader.Request(expect.Bytes("device_request_hex")));
        var request = await holder.ReceiveAsync(input.Bytes("session_establishment_hex"), Ct);
        Assert.Equal(expect.Bytes("device_request_hex"), request.Payload!.Value);
        Assert.Equal(reader.Transcript.Bytes, holder.Transcript!.Bytes);

        Assert.Equal(input.Bytes("session_data_hex"), holder.Respond(expect.Bytes("device_response_hex")));
        var response = await reader.ReceiveAsync(input.Bytes("session_data_hex"));
        Assert.Equal(expect.Bytes("device_response_hex"), response.Payload!.Value);

        Assert.Equal(input.Bytes("session_termination_hex"), reader.Terminate());
        Assert.True((await holder.ReceiveAsync(input.Bytes("session_termination_hex"), Ct)).EndsSession);
        Assert.Equal(ProximitySessionState.Ended, holder.State);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task Several_requests_and_a_last_response_run_as_they_should()
    {
        var (holder, reader) = await BeginAsync();
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(s_request, (await holder.ReceiveAsync(reader.Request(s_request), Ct)).Payload!.Value);
            var response = await reader.ReceiveAsync(holder.Respond(s_response, isLast: round == 2));
            Assert.Equal(s_response, response.Payload!.Value);
            Assert.Equal(round == 2, response.EndsSession);
        }

        Assert.Equal((ProximitySessionState.Ended, ProximitySessionState.Ended), (holder.State, reader.State));
        Assert.Null(reader.ClosingMessage);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task A_replayed_request_is_refused_and_ends_the_session()
    {
        var (holder, reader) = await EstablishedAsync();
        var second = reader.Request(s_request);
        await holder.ReceiveAsync(second, Ct);
        await reader.ReceiveAsync(holder.Respond(s_response));
        await AssertEndsAsync(holder, second, ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task A_replayed_response_is_refused_and_ends_the_session()
    {
        var (holder, reader) = await BeginAsync();
        await holder.ReceiveAsync(reader.Request(s_request), Ct);
        var first = holder.Respond(s_response);
        await reader.ReceiveAsync(first);
        reader.Request(s_request);
        await AssertEndsAsync(reader, first, ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task A_message_out_of_turn_is_refused_and_ends_the_session()
    {
        var (holder, reader) = await BeginAsync();
        var first = reader.Request(s_request);
        await holder.ReceiveAsync(first, Ct);
        // A second request before the answer, and the first message once more.
        var (another, _) = await EstablishedAsync(answered: false);
        await AssertEndsAsync(another, new SessionData(new byte[32], null).Encode(), ProximityCodes.MessageOrder, SessionStatus.SessionTermination);
        await AssertEndsAsync(holder, first, ProximityCodes.MessageOrder, SessionStatus.SessionTermination);

        var (_, early) = await BeginAsync();
        await AssertEndsAsync(early, new SessionData(new byte[32], null).Encode(), ProximityCodes.MessageOrder, SessionStatus.SessionTermination);
        var (unasked, _) = await BeginAsync();
        await AssertEndsAsync(unasked, new SessionData(new byte[32], null).Encode(), ProximityCodes.MessageOrder, SessionStatus.SessionTermination);
    }

    [Theory]
    [Trait("Row", "MDD-15")]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(uint.MaxValue - 1, true)]
    public async Task A_counter_that_is_reset_or_jumps_is_refused(uint used, bool isRefused)
    {
        var (holder, reader) = await BeginAsync();
        await holder.ReceiveAsync(reader.Request(s_request), Ct);
        await reader.ReceiveAsync(holder.Respond(s_response));
        var secret = await reader.EReaderKey.DeriveSecretAsync(holder.Engagement.EDeviceKey, Ct);
        using var cipher = SessionCipher.OfReader(SessionKeys.Derive(secret, reader.Transcript), used);
        var message = new SessionData(cipher.Encrypt(s_request), null).Encode();
        if (isRefused) await AssertEndsAsync(holder, message, ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
        else Assert.Equal(s_request, (await holder.ReceiveAsync(message, Ct)).Payload!.Value);
    }

    // §9.1.1.5: 16 bytes of tag, and what is encrypted may be empty.
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    public async Task A_message_of_a_tag_or_less_opens_only_if_the_tag_is_right(int length)
    {
        var (holder, reader) = await EstablishedAsync();
        await AssertEndsAsync(holder, new SessionData(new byte[length], null).Encode(), ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
        var (other, _) = await BeginAsync();
        await AssertEndsAsync(other, SessionEstablishment.Encode(EngagementSecurity.EncodeKey(reader.EReaderKey.PublicKey), new byte[length]), ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
        var (third, empty) = await BeginAsync();
        Assert.True((await third.ReceiveAsync(empty.Request(default), Ct)).Payload is { IsEmpty: true });
    }

    [Fact]
    public async Task A_first_message_has_a_key_and_data_and_no_status()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        var encoded = EngagementSecurity.EncodeKey(key.PublicKey).Bytes;
        foreach (var (map, more) in new[] { ("a1", ""), ("a2", "646461746101"), ("a3", "6464617461406673746174757314") })
        {
            var (holder, _) = await BeginAsync();
            var message = System.Convert.FromHexString($"{map}6a655265616465724b6579{System.Convert.ToHexString(encoded.Span)}{more}");
            await AssertEndsAsync(holder, message, ProximityCodes.MessageMalformed, SessionStatus.CborDecodingError);
        }
    }

    // The secret and the keys are needed no longer once the ciphers have them.
    [Fact]
    public async Task Secrets_are_cleared_when_they_have_served()
    {
        var (_, reader) = await BeginAsync();
        byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
        var keys = SessionKeys.Derive(secret, reader.Transcript);
        Assert.Equal(new byte[32], secret);
        Assert.NotEqual(keys.Reader, keys.Device);
        using var expected = SessionCipher.OfReader(keys);
        var (sending, receiving) = keys.ToCiphers();
        Assert.Equal(new byte[32], keys.Reader);
        Assert.Equal(new byte[32], keys.Device);
        Assert.Equal(expected.Encrypt(s_request), sending.Encrypt(s_request));
        sending.Dispose();
        receiving.Dispose();
    }

    [Fact]
    public async Task The_keys_of_a_session_that_has_ended_are_gone()
    {
        var (_, reader) = await BeginAsync();
        var keys = SessionKeys.Derive(new byte[32], reader.Transcript);
        var (incoming, outgoing) = (SessionCipher.OfDevice(keys), SessionCipher.OfReader(keys));
        using var channel = new SessionChannel(ProximitySessionState.OurTurn, 100);
        channel.UseKeys(incoming, outgoing);
        channel.Terminate();
        Assert.Throws<ObjectDisposedException>(() => incoming.Encrypt(s_request));
        Assert.Throws<ObjectDisposedException>(() => outgoing.Encrypt(s_request));
    }

    [Fact]
    public async Task The_ephemeral_keys_go_with_the_session()
    {
        var device = SoftwareKeyAgreementKey.Generate();
        var holder = ProximityHolderSession.Begin(device, DeviceEngagement.Create(device.PublicKey, []), SessionTranscript.QrHandover);
        var reader = await ProximityReaderSession.BeginAsync(holder.Engagement, cancellationToken: Ct);
        var key = reader.EReaderKey;
        reader.Terminate();
        Assert.Equal(32, (await key.DeriveSecretAsync(device.PublicKey, Ct)).Length);
        holder.Dispose();
        reader.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await device.DeriveSecretAsync(key.PublicKey, Ct));
        await Assert.ThrowsAnyAsync<Exception>(async () => await key.DeriveSecretAsync(device.PublicKey, Ct));
    }

    // Disposing of a session that has not ended leaves nothing that encrypts.
    [Fact]
    public async Task A_session_that_was_disposed_of_encrypts_no_more()
    {
        var (holder, _) = await EstablishedAsync(answered: false);
        holder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => holder.Respond(s_response));
        var (_, reader) = await EstablishedAsync();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Request(s_request));
    }

    [Fact]
    public async Task Closing_the_connection_of_a_session_clears_its_ephemeral_key()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        var device = SoftwareKeyAgreementKey.Generate();
        var session = ProximityHolderSession.Begin(device, DeviceEngagement.Create(device.PublicKey, []), SessionTranscript.QrHandover);
        var readerSession = await ProximityReaderSession.BeginAsync(session.Engagement, cancellationToken: Ct);
        var (key, other) = (readerSession.EReaderKey, device.PublicKey);
        await using (new ProximityHolder(session, holderEnd))
        await using (new ProximityReader(readerSession, readerEnd))
        {
            Assert.Equal(await device.DeriveSecretAsync(key.PublicKey, Ct), await key.DeriveSecretAsync(other, Ct));
        }

        await Assert.ThrowsAnyAsync<Exception>(async () => await device.DeriveSecretAsync(key.PublicKey, Ct));
        await Assert.ThrowsAnyAsync<Exception>(async () => await key.DeriveSecretAsync(other, Ct));
    }

    // §9.1.1.4, Table 20
    [Theory]
    [InlineData(ProximityCodes.PeerFailed, null)]
    [InlineData(ProximityCodes.MessageMalformed, SessionStatus.CborDecodingError)]
    [InlineData(CodecCodes.CborTooLarge, SessionStatus.CborDecodingError)]
    [InlineData(ProximityCodes.MessageOrder, SessionStatus.SessionTermination)]
    [InlineData(ProximityCodes.MessageTooLarge, SessionStatus.SessionTermination)]
    [InlineData(ProximityCodes.SessionEnded, SessionStatus.SessionTermination)]
    [InlineData(ProximityCodes.Decryption, SessionStatus.SessionEncryptionError)]
    [InlineData(CoseCodes.KeyMalformed, SessionStatus.SessionEncryptionError)]
    public async Task Each_fault_has_its_answer(string code, SessionStatus? answer)
    {
        using var channel = new SessionChannel(ProximitySessionState.Waiting, 100);
        await Assert.ThrowsAsync<MalformedDataException>(async () => await channel.GuardAsync<int>(default, () => throw new MalformedDataException(code, "test")));
        Assert.Equal(answer, channel.ClosingMessage is { } message ? SessionData.Parse(message).Status : null);
        Assert.Equal(ProximitySessionState.Ended, channel.State);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task The_counter_does_not_wrap()
    {
        var (_, reader) = await BeginAsync();
        using var cipher = SessionCipher.OfReader(SessionKeys.Derive(new byte[32], reader.Transcript), uint.MaxValue - 1);
        cipher.Encrypt(s_request);
        Assert.Equal(ProximityCodes.SessionEnded, Assert.Throws<ProtocolException>(() => cipher.Encrypt(s_request)).Code);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task A_reflected_message_is_refused()
    {
        var (holder, reader) = await EstablishedAsync();
        var own = reader.Request(s_request);
        await AssertEndsAsync(reader, own, ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
        await holder.ReceiveAsync(own, Ct);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task The_keys_of_one_session_open_no_other_one()
    {
        var (_, reader) = await BeginAsync();
        var (other, _) = await BeginAsync();
        await AssertEndsAsync(other, reader.Request(s_request), ProximityCodes.Decryption, SessionStatus.SessionEncryptionError);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task A_reader_with_the_holders_own_key_is_refused()
    {
        var (holder, _) = await BeginAsync();
        var message = SessionEstablishment.Encode(holder.Engagement.EDeviceKeyBytes, new byte[32]);
        await AssertEndsAsync(holder, message, ProximityCodes.KeyReused, SessionStatus.SessionEncryptionError);
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task Every_session_has_its_own_keys()
    {
        var (holder, reader) = await BeginAsync();
        var (otherHolder, otherReader) = await BeginAsync();
        Assert.False(holder.Engagement.EDeviceKey.X.SequenceEqual(otherHolder.Engagement.EDeviceKey.X));
        Assert.False(reader.EReaderKey.PublicKey.X.SequenceEqual(otherReader.EReaderKey.PublicKey.X));
    }

    [Fact]
    [Trait("Row", "MDD-15")]
    public async Task Termination_ends_the_session_for_both_at_any_time()
    {
        var (holder, reader) = await EstablishedAsync();
        Assert.Equal(new SessionMessage(null, true), await reader.ReceiveAsync(holder.Terminate()));
        foreach (var message in new[] { new SessionData(new byte[32], null).Encode(), new SessionData(null, SessionStatus.SessionTermination).Encode() })
        {
            Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await reader.ReceiveAsync(message))).Code);
            Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await holder.ReceiveAsync(message, Ct))).Code);
        }

        Assert.Equal(ProximityCodes.SessionEnded, Assert.Throws<ProtocolException>(() => reader.Request(s_request)).Code);
        Assert.Equal(ProximityCodes.SessionEnded, Assert.Throws<ProtocolException>(() => holder.Respond(s_response)).Code);
        Assert.Equal(ProximityCodes.SessionEnded, Assert.Throws<ProtocolException>(holder.Terminate).Code);
    }

    [Theory]
    [Trait("Row", "MDD-15")]
    [InlineData(SessionStatus.SessionEncryptionError)]
    [InlineData(SessionStatus.CborDecodingError)]
    public async Task An_error_report_of_the_other_side_ends_the_session_without_an_answer(SessionStatus status)
    {
        var (holder, reader) = await EstablishedAsync();
        var message = new SessionData(null, status).Encode();
        await AssertEndsAsync(holder, message, ProximityCodes.PeerFailed, null);
        await AssertEndsAsync(reader, message, ProximityCodes.PeerFailed, null);
    }

    [Theory]
    [Trait("Row", "MDD-15")]
    [InlineData("a16673746174757300")] // status 0
    [InlineData("a16673746174757315")] // status 21
    [InlineData("a1667374617475733903ff")] // a negative status
    [InlineData("a16673746174757319010a")] // status 266
    [InlineData("a1667374617475736232 30")] // status as text
    [InlineData("a1667374617475731b7fffffffffffffff")]
    [InlineData("a266737461747573 0a 6464617461 41 00")] // an error with data
    [InlineData("a0")]
    [InlineData("80")]
    [InlineData("")]
    [InlineData("a1646461746160")] // data as text
    public async Task A_message_that_is_none_or_has_another_status_is_refused_and_ends_the_session(string hex)
    {
        var message = System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var (holder, reader) = await EstablishedAsync();
        await AssertEndsAsync(holder, message, ProximityCodes.MessageMalformed, SessionStatus.CborDecodingError);
        await AssertEndsAsync(reader, message, ProximityCodes.MessageMalformed, SessionStatus.CborDecodingError);
    }

    [Fact]
    public async Task A_reader_key_on_another_curve_is_not_supported()
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        var (holder, _) = await BeginAsync();
        var message = SessionEstablishment.Encode(EncodedCbor.Wrap(CborWriting.Encode(w => CoseKey.Write(w, key.PublicKey))), new byte[32]);
        await AssertEndsAsync(holder, message, CoseCodes.KeyNotSupported, SessionStatus.SessionEncryptionError);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_message_over_the_cap_is_refused(int over, bool isRead)
    {
        const int Overhead = 1 + 5 + 3 + 16; // map, "data", length, tag
        var message = new byte[1000 - Overhead + over];
        using var holder = ProximityHolderSession.BeginByQr([]);
        using var reader = await ProximityReaderSession.BeginAsync(holder.Engagement, 1000, Ct);
        await holder.ReceiveAsync(reader.Request(s_request), Ct);
        var sent = holder.Respond(message);
        Assert.Equal(1000 + over, sent.Length);
        if (isRead) Assert.Equal(message, (await reader.ReceiveAsync(sent)).Payload!.Value);
        else await AssertEndsAsync(reader, sent, ProximityCodes.MessageTooLarge, SessionStatus.SessionTermination);
    }

    [Fact]
    public async Task Every_changed_byte_of_both_messages_is_refused()
    {
        var (input, expect) = AnnexD.Session;
        var select = HandoverSelect.Parse(input.Bytes("handover_select_hex"));
        var handover = select.ToHandover(HandoverRequest.Parse(input.Bytes("handover_request_hex")));
        var first = input.Bytes("session_establishment_hex");
        for (var i = 0; i < first.Length; i++)
        {
            var changed = first.ToArray();
            changed[i] ^= 0x01;
            using var holder = ProximityHolderSession.Begin(input.Key("ephemeral_device_private_jwk"), select.Engagement, handover);
            await Assert.ThrowsAnyAsync<CredentialException>(async () => await holder.ReceiveAsync(changed, Ct));
            Assert.Equal(ProximitySessionState.Ended, holder.State);
        }

        var second = input.Bytes("session_data_hex");
        for (var i = 0; i < second.Length; i += 7)
        {
            var changed = second.ToArray();
            changed[i] ^= 0x80;
            using var reader = await ProximityReaderSession.BeginAsync(input.Key("ephemeral_reader_private_jwk"), select.Engagement, handover, 1 << 20, Ct);
            reader.Request(expect.Bytes("device_request_hex"));
            await Assert.ThrowsAnyAsync<CredentialException>(async () => await reader.ReceiveAsync(changed));
            Assert.Equal(ProximitySessionState.Ended, reader.State);
        }
    }

    [Fact]
    public async Task Sending_out_of_turn_is_the_callers_mistake()
    {
        var (holder, reader) = await BeginAsync();
        Assert.Throws<InvalidOperationException>(() => holder.Respond(s_response));
        reader.Request(s_request);
        Assert.Throws<InvalidOperationException>(() => reader.Request(s_request));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<(ProximityHolderSession Holder, ProximityReaderSession Reader)> BeginAsync()
    {
        var holder = ProximityHolderSession.BeginByQr([new NfcRetrieval(255, 256)]);
        return (holder, await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(holder.Engagement.ToQrText()), cancellationToken: Ct));
    }

    private static async Task<(ProximityHolderSession Holder, ProximityReaderSession Reader)> EstablishedAsync(bool answered = true)
    {
        var (holder, reader) = await BeginAsync();
        await holder.ReceiveAsync(reader.Request(s_request), Ct);
        if (answered) await reader.ReceiveAsync(holder.Respond(s_response));
        return (holder, reader);
    }

    private static Task AssertEndsAsync(ProximityHolderSession session, byte[] message, string code, SessionStatus? told) =>
        AssertEndsAsync(() => session.ReceiveAsync(message, Ct), () => session.State, () => session.ClosingMessage, code, told);

    private static Task AssertEndsAsync(ProximityReaderSession session, byte[] message, string code, SessionStatus? told) =>
        AssertEndsAsync(() => session.ReceiveAsync(message), () => session.State, () => session.ClosingMessage, code, told);

    private static async Task AssertEndsAsync(
        Func<ValueTask<SessionMessage>> receive, Func<ProximitySessionState> state, Func<ReadOnlyMemory<byte>?> closing, string code, SessionStatus? told)
    {
        var thrown = await Assert.ThrowsAnyAsync<CredentialException>(async () => await receive());
        Assert.Equal(code, thrown.Code);
        Assert.Equal(ProximitySessionState.Ended, state());
        Assert.Equal(told, closing() is { } message ? SessionData.Parse(message).Status : null);
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await receive())).Code);
    }
}
