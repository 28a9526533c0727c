import { ref, type Ref } from 'vue';
import { explain } from '../chat/api.ts';

/** A form that asks the platform for something: whether it does now, and why it failed the last time, which stands beneath the fields. */
export function useForm<Values extends unknown[]>(
  ask: (...values: Values) => Promise<unknown>,
): {
  readonly problem: Ref<string>;
  readonly isBusy: Ref<boolean>;
  readonly submit: (...values: Values) => Promise<void>;
} {
  const problem = ref('');
  const isBusy = ref(false);
  async function submit(...values: Values): Promise<void> {
    problem.value = '';
    isBusy.value = true;
    try {
      await ask(...values);
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }
  return { problem, isBusy, submit };
}
