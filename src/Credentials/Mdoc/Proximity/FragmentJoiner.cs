namespace Credentials.Mdoc.Proximity;

/// <summary>Joins the fragments of one direction to messages; memory is bounded, and after a fault nothing more is joined.</summary>
/// <param name="maxMessageBytes">The longest message to join.</param>
public sealed class FragmentJoiner(int maxMessageBytes = ProximityLimits.MessageBytes)
{
    private readonly MemoryStream _message = new();
    private bool _isBroken;

    /// <summary>True in the middle of a message.</summary>
    public bool HasPart => _message.Length > 0;

    /// <summary>Takes the next fragment.</summary>
    /// <returns>The message, if this fragment ends it; otherwise null.</returns>
    /// <exception cref="MalformedDataException"><c>proximity.fragment_malformed</c>, <c>proximity.message_too_large</c>.</exception>
    public ReadOnlyMemory<byte>? Add(ReadOnlySpan<byte> fragment)
    {
        // Whoever cuts well sends no fragment without content: each one takes a byte off the cap.
        if (_isBroken || fragment.Length is < 2 or > MessageFragments.MaxFragmentBytes || fragment[0] > MessageFragments.More)
            throw Broken(ProximityCodes.FragmentMalformed, "Not a fragment of a message.");
        if (_message.Length + fragment.Length - 1 > maxMessageBytes)
            throw Broken(ProximityCodes.MessageTooLarge, "The fragments are too long together.");
        _message.Write(fragment[1..]);
        if (fragment[0] == MessageFragments.More) return null;
        var message = _message.ToArray();
        _message.SetLength(0);
        return message;
    }

    private MalformedDataException Broken(string code, string message)
    {
        _isBroken = true;
        _message.SetLength(0);
        return new MalformedDataException(code, message);
    }
}
