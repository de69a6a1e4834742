using System.Runtime.CompilerServices;

namespace Credentials.SdJwt;

/// <summary>Which claims become disclosable: the claim paths as a tree, so that the claims are walked once.</summary>
internal sealed class DisclosurePlan
{
    // An issuer makes all of its credentials of a kind by one list of paths.
    private static readonly ConditionalWeakTable<IReadOnlyList<ClaimPath>, DisclosurePlan> s_known = [];

    private ClaimPath[] _paths = [];

    // Most claims have nothing below them.
    private Dictionary<string, DisclosurePlan>? _members;
    private Dictionary<int, DisclosurePlan>? _elements;
    private DisclosurePlan? _everyElement;

    /// <summary>Whether the claim at this place is to be a disclosure.</summary>
    public bool IsDisclosable { get; private set; }

    /// <summary>The plan for these paths, which is made once for a list that does not change.</summary>
    /// <exception cref="ArgumentException">A path leads to what must not be disclosable.</exception>
    public static DisclosurePlan For(IReadOnlyList<ClaimPath> paths)
    {
        if (s_known.TryGetValue(paths, out var known) && known.IsFor(paths)) return known;
        var plan = Create(paths);
        s_known.AddOrUpdate(paths, plan);
        return plan;
    }

    private bool IsFor(IReadOnlyList<ClaimPath> paths)
    {
        if (paths.Count != _paths.Length) return false;
        for (var i = 0; i < _paths.Length; i++)
        {
            if (!ReferenceEquals(paths[i], _paths[i])) return false;
        }

        return true;
    }

    private static DisclosurePlan Create(IReadOnlyList<ClaimPath> paths)
    {
        var root = new DisclosurePlan { _members = new(paths.Count), _paths = [.. paths] };
        foreach (var path in paths)
        {
            var first = path.Segments[0].Name
                ?? throw new ArgumentException("A claim path starts with the name of a claim.", nameof(paths));
            if (SdJwtNames.NeverDisclosable.Contains(first))
            {
                throw new ArgumentException($"'{first}' must not be selectively disclosable (SD-JWT VC section 2.2.2.3).", nameof(paths));
            }

            root.Add(path);
        }

        return root;
    }

    public DisclosurePlan? Member(string name) => _members?.GetValueOrDefault(name);

    public DisclosurePlan? Element(int index)
    {
        var element = _elements?.GetValueOrDefault(index);
        return element is null ? _everyElement
            : _everyElement is null ? element
            : new DisclosurePlan().Merge(element).Merge(_everyElement);
    }

    private void Add(ClaimPath path)
    {
        var node = this;
        foreach (var segment in path.Segments)
        {
            node = segment.Name is { } name ? Child(ref node._members, name)
                : segment.Index is { } index ? Child(ref node._elements, index)
                : node._everyElement ??= new();
        }

        node.IsDisclosable = true;
    }

    private DisclosurePlan Merge(DisclosurePlan other)
    {
        IsDisclosable |= other.IsDisclosable;
        foreach (var (name, plan) in other._members ?? []) Child(ref _members, name).Merge(plan);
        foreach (var (index, plan) in other._elements ?? []) Child(ref _elements, index).Merge(plan);
        if (other._everyElement is { } every) (_everyElement ??= new()).Merge(every);
        return this;
    }

    private static DisclosurePlan Child<TKey>(ref Dictionary<TKey, DisclosurePlan>? children, TKey key) where TKey : notnull
    {
        children ??= [];
        if (!children.TryGetValue(key, out var child)) children[key] = child = new DisclosurePlan();
        return child;
    }
}
