using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>
/// Responsible for the random life of one group: one call after the other, each recorded before it is made and
/// acknowledged when it is answered. Nobody else touches the group, and no session ever times out.
/// </summary>
/// <param name="model">The group.</param>
/// <param name="random">Chance.</param>
internal sealed class GroupLoad(GroupModel model, Random random)
{
    private const int MostSessions = 4;
    private int _registered;

    /// <summary>The group.</summary>
    public GroupModel Model => model;

    /// <summary>Goes on until the service is gone.</summary>
    /// <param name="caller">Calls it.</param>
    /// <param name="answered">Called after every answer.</param>
    /// <param name="killed">Whether it was killed.</param>
    public async Task RunAsync(Caller caller, Action answered, CancellationToken killed)
    {
        while (true)
        {
            var change = Next();
            model.Pending = change;
            try
            {
                model.Acknowledge(change with { Answer = await MakeAsync(caller, change) });
                model.Pending = null;
                answered();
            }
            catch (RpcException) when (killed.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Checks the group's access control list.</summary>
    /// <param name="caller">Calls the service, which has just started.</param>
    public async Task CheckAccessAsync(Caller caller)
    {
        try
        {
            var list = await caller.AccessControl.GetGroupAccessControlAsync(new V1.GetGroupAccessControlRequest { GroupId = model.Id });
            model.CheckRights(list.RoleTrusteeAccessControlEntries is [{ Trustee.Type: V1.TrusteeType.User } entry, ..] ? entry.AccessRights : null);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            model.CheckRights(null);
        }
    }

    /// <summary>Beats once as each Secondary and then as the Primary: their roles are what they were.</summary>
    /// <param name="caller">Calls the service, which has just started.</param>
    public async Task CheckRolesAsync(Caller caller)
    {
        if (model.Primary is not { } primary)
        {
            return;
        }

        foreach (var session in model.Sessions.Keys.Where(s => s != primary))
        {
            Assert.That(await MakeAsync(caller, new Change(ChangeKind.Beat, session, Score: 50)), Is.Not.EqualTo(V1.Role.Primary), () => $"{model}");
        }

        Assert.That(await MakeAsync(caller, new Change(ChangeKind.Beat, primary, Score: 50)), Is.EqualTo(V1.Role.Primary), () => $"{model}");
    }

    private Change Next()
    {
        if (!model.Exists)
        {
            return new Change(ChangeKind.CreateGroup);
        }

        var dice = random.Next(100);
        if (model.Sessions.Count == 0 || (dice < 10 && model.Sessions.Count < MostSessions))
        {
            return model.Sessions.Count == 0 && dice < 30
                ? new Change(ChangeKind.DeleteGroup)
                : new Change(ChangeKind.Register, $"s{++_registered}-{random.Next(1_000_000)}");
        }

        if (dice >= 95)
        {
            return new Change(ChangeKind.Access, Score: random.Next(32));
        }

        var session = model.Sessions.Keys.ElementAt(random.Next(model.Sessions.Count));
        return dice switch
        {
            < 20 => new Change(ChangeKind.Unregister, session),
            < 40 => new Change(ChangeKind.Order, session, NextOrder(session)),
            _ => new Change(ChangeKind.Beat, session, Score: random.Next(5) * 25),
        };
    }

    // Not Secondary for the Primary: the group would be without one some time after the answer.
    private V1.RoleOverride NextOrder(string session) =>
        (V1.RoleOverride)random.Next(session == model.Primary ? (int)V1.RoleOverride.Secondary : 3);

    // The load is an administrator's: the role keeps all of its rights.
    private V1.SetGroupAccessControlRequest Access(long rights) => new()
    {
        GroupId = model.Id,
        AccessControlList = new V1.AccessControlList
        {
            RoleTrusteeAccessControlEntries =
            {
                new V1.AccessControlEntry { Trustee = new V1.Trustee { Type = V1.TrusteeType.User, ObjectId = "somebody" }, AccessRights = rights },
                new V1.AccessControlEntry
                {
                    Trustee = new V1.Trustee { Type = V1.TrusteeType.Role, ObjectId = Account.AdministratorRole },
                    AccessRights = 31,
                },
            },
        },
    };

    private async Task<V1.Role> MakeAsync(Caller caller, Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.CreateGroup:
                await caller.CreateGroupAsync(model.Id);
                break;
            case ChangeKind.DeleteGroup:
                await caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = model.Id });
                break;
            case ChangeKind.Access:
                await caller.AccessControl.SetGroupAccessControlAsync(Access((long)change.Score));
                break;
            case ChangeKind.Register:
                await caller.RegisterAsync(model.Id, change.Session);
                break;
            case ChangeKind.Unregister:
                await caller.DeleteSessionAsync(model.Id, change.Session);
                break;
            case ChangeKind.Order:
                await caller.OverrideAsync(model.Id, change.Session, change.Value);
                break;
            default:
                var heartbeat = new V1.Heartbeat { FailoverScore = change.Score };
                var request = new V1.PostHeartbeatRequest { GroupId = model.Id, SessionId = change.Session, Heartbeat = heartbeat };
                return (await caller.Sessions.PostHeartbeatAsync(request)).Role;
        }

        return V1.Role.Secondary;
    }
}
