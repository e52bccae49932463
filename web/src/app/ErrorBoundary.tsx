import { Component } from "react";
import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Notice";

interface State {
  readonly error: Error | null;
}

/** The last resort: a fault in the app itself, said in a sentence, with a way on. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Empty
        title="Something went wrong in this page"
        actions={
          <Button look="primary" onClick={() => window.location.reload()}>
            Load it again
          </Button>
        }
      >
        Your work is kept on this computer and will be there after loading. ({error.message})
      </Empty>
    );
  }
}
