namespace Credentials.Tests.Shared;

/// <summary>A token of <see cref="SoftHsm"/>.</summary>
/// <param name="Label">What it is found by.</param>
/// <param name="Pin">The user's PIN.</param>
/// <param name="Folder">Where its objects are.</param>
public sealed record SoftHsmToken(string Label, string Pin, string Folder)
{
    /// <summary>Takes the token away, as somebody who pulls a plug.</summary>
    public void Remove() => Directory.Move(Folder, Aside);

    public void PutBack() => Directory.Move(Aside, Folder);

    private string Aside => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Folder))!, "away-" + Path.GetFileName(Folder));
}
