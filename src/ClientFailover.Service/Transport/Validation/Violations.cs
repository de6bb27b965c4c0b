using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>
/// Collects everything that is wrong with a request, so that its caller learns all at once. A struct, because most
/// requests are heartbeats with nothing wrong: pass it by reference.
/// </summary>
internal struct Violations
{
    private List<Violation>? _all;

    /// <summary>Whether there is any.</summary>
    public readonly bool Any => _all is not null;

    /// <summary>How many there are.</summary>
    public readonly int Count => _all?.Count ?? 0;

    /// <summary>Adds one.</summary>
    /// <param name="member">Documented REST name of the member.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <param name="allowed">What is allowed: "must be ...".</param>
    public void Add(string member, string field, string allowed) => (_all ??= []).Add(new Violation(member, field, allowed));

    /// <summary>What is wrong, all of it.</summary>
    /// <returns>The failure.</returns>
    public readonly Failure ToFailure() => Failures.Invalid(_all ?? []);

    /// <summary>Refuses the request if anything is wrong with it.</summary>
    /// <exception cref="FailureException">Something is.</exception>
    public readonly void ThrowIfAny()
    {
        if (_all is not null)
        {
            throw new FailureException(ToFailure());
        }
    }
}
